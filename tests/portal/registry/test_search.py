"""Search finds names in three alphabets and spellings, best match first, and no wildcard of SQL is one."""

import pytest

from boget.portal.registry.models import Facility
from boget.portal.registry.selectors.search import add_rank, fold_wanted, match_text


@pytest.fixture
def register(make_facility):
    make_facility(name_ru="Усть-Каменогорское хвостохранилище", name_kk="Өскемен қалдық қоймасы", name_en="Oskemen pond", public_id="KZ-0001")
    make_facility(name_ru="Жайрем", name_kk="Жәйрем", name_en="Zhairem", operator="Казцинк", public_id="KZ-0002")
    make_facility(name_ru="Берёзовское", name_kk="Берёзовка", former_names="Старый Чашинск; Chashinsk", public_id="KZ-0003")
    make_facility(name_ru="Новый Жайрем № 12", name_en="100% new_pond", public_id="KZ-0004")
    make_facility(name_kk="Қошқар-Ата", name_ru="Кошкар-Ата", public_id="KZ-0005")


def find(text):
    wanted = fold_wanted(text)
    rows = add_rank(Facility.objects.filter(match_text(wanted)), wanted)
    return list(rows.order_by("rank", "public_id").values_list("public_id", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("қойма", "KZ-0001"),
        ("ҚОЙМАСЫ", "KZ-0001"),
        ("өскемен", "KZ-0001"),
        ("оскемен", "KZ-0001"),
        ("Ust-Kamenogorsk", "KZ-0001"),
        ("усть каменогорское", "KZ-0001"),
        ("КАЗЦИНК", "KZ-0002"),
        ("березовское", "KZ-0003"),
        ("чашинск", "KZ-0003"),
        ("Koshkar Ata", "KZ-0005"),
        ("Qoşqar-Ata", "KZ-0005"),
        ("кошқар", "KZ-0005"),
        ("kz-0004", "KZ-0004"),
        ("№12", "KZ-0004"),
    ],
)
def test_is_found_in_any_spelling(register, text, first):
    assert find(text)[0] == first


@pytest.mark.django_db
def test_best_match_comes_first(register):
    assert find("жайрем") == ["KZ-0002", "KZ-0004"], "a name that begins with the text is before one that holds it"
    assert find("жәйрем") == ["KZ-0002", "KZ-0004"], "the exact Kazakh spelling is before the one without its letters"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("%", ["KZ-0004"]),
        ("100%", ["KZ-0004"]),
        ("%%", []),
        ("n_w", []),
        ("new_pond", ["KZ-0004"]),
        ("жай%", []),
        ("жай_ем", []),
        ("\\", []),
        ("KZ-0002|жайрем", []),
        ("' OR 1=1", []),
    ],
)
def test_wildcards_and_separators_are_letters(register, text, found):
    assert find(text) == found


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["---", "_", "«»", "|"])
def test_text_without_letters_finds_nothing(register, clients, text):
    answer = clients["anonymous"].get("/registry/facilities/", {"q": text})
    assert answer.status_code == 200 and answer.context["page"].totals.count == 0


@pytest.mark.django_db
def test_hidden_fields_are_not_searched(facility_own, clients):
    for text in ("GROUP-CANARY", "AUTHORITY-CANARY", "canary", "1.4187"):
        for client in clients.values():
            assert client.get("/registry/facilities/", {"q": text}).context["page"].totals.count == 0
