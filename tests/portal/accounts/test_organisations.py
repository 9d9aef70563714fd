"""A paper prints the name of its day; a chain of names is one body."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from boget.portal.accounts import seed, services
from boget.portal.accounts.models import Membership, Organisation
from boget.portal.accounts.selectors import find_organisations, list_names, match_operator
from boget.portal.core.services import SYSTEM
from boget.science.errors import InvalidInput

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(db):
    services.load_organisations(has_examples=True)
    return {row.code: row for row in Organisation.objects.all()}


def test_a_paper_of_2022_prints_the_name_of_2022(loaded):
    ministry = loaded["menr"]
    assert ministry.name_on(dt.date(2022, 2, 11), "ru", is_short=True) == "МЭГПР"
    assert ministry.name_on(dt.date(2022, 2, 11), "kk", is_short=True) == "ЭГТРМ"
    assert ministry.name_on(dt.date(2026, 11, 22), "ru", is_short=True) == "МЭПР"
    assert loaded["megnr"].name_on(dt.date(2026, 11, 22), "en") == "Ministry of Ecology and Natural Resources"


def test_a_day_before_the_chain_gives_its_oldest_name_and_after_it_the_newest(loaded):
    assert loaded["menr"].name_on(dt.date(1999, 1, 1), "ru", is_short=True) == "МЭГПР"
    closed = loaded["mic"]
    services.rename_organisation(closed, code="mic-2", names={"name_ru": "Новое"}, first_day=dt.date(2027, 1, 1), by=SYSTEM)
    assert loaded["mid"].on_date(dt.date(2030, 1, 1)).code == "mic-2"


def test_lineage_is_the_whole_chain_and_nothing_else(loaded):
    chain = {loaded[code].pk for code in ("mid", "miid", "mic")}
    assert all(loaded[code].lineage() == chain for code in ("mid", "miid", "mic"))
    assert loaded["mfa"].lineage() == {loaded["mfa"].pk}
    assert [row.code for row in list_names(loaded["mic"])] == ["mid", "miid", "mic"]
    assert loaded["mid"].current().code == "mic"


def test_merged_predecessors_do_not_see_each_other(ministry):
    second = services.create_organisation(code="second", values={"kind": "operator", "name_ru": "Вторая"}, by=SYSTEM)
    merged = services.rename_organisation(
        ministry, code="merged", names={"name_ru": "Слитая"}, first_day=dt.date(2024, 1, 1), by=SYSTEM
    )
    Organisation.objects.filter(pk=second.pk).update(successor=merged)
    second.refresh_from_db()
    assert second.lineage() == {second.pk, merged.pk}
    assert merged.lineage() == {merged.pk, second.pk, ministry.pk}


def test_missing_name_falls_back_to_another_language(ministry):
    assert ministry.name_in("kk") == "Министерство"
    assert ministry.short_in("en") == "Министерство"


def test_renaming_moves_open_roles_and_keeps_the_old_row(person, ministry):
    first_day = dt.date(2026, 1, 1)
    successor = services.rename_organisation(
        ministry, code="renamed", names={"name_ru": "Переименованное"}, first_day=first_day, by=SYSTEM, source="указ"
    )
    ministry.refresh_from_db()
    assert (ministry.valid_to, ministry.successor) == (dt.date(2025, 12, 31), successor)
    assert ministry.name_ru == "Министерство"
    held = [(m.organisation.code, m.valid_from, m.valid_to) for m in person.memberships.order_by("valid_from")]
    assert held == [("ministry", dt.date(2022, 1, 21), dt.date(2025, 12, 31)), ("renamed", first_day, None)]


def test_a_body_is_renamed_once(ministry):
    day = dt.date(2024, 1, 1)
    services.rename_organisation(ministry, code="one", names={"name_ru": "1"}, first_day=day, by=SYSTEM)
    with pytest.raises(InvalidInput) as caught:
        services.rename_organisation(ministry, code="two", names={"name_ru": "2"}, first_day=day, by=SYSTEM)
    assert caught.value.code == "duplicate"
    assert not Organisation.objects.filter(code="two").exists()


@pytest.mark.parametrize("fault", [{"code": "taken"}, {"names": {"name_ru": ""}}, {"first_day": dt.date(2020, 9, 1)}])
def test_a_refused_rename_changes_nothing(person, ministry, fault):
    from boget.portal.core.services import read_head

    services.create_organisation(code="taken", values={"kind": "other", "name_ru": "Занято"}, by=SYSTEM)
    head = read_head()
    values = {"code": "fresh", "names": {"name_ru": "Новое"}, "first_day": dt.date(2024, 1, 1), **fault}
    with pytest.raises(InvalidInput):
        services.rename_organisation(ministry, by=SYSTEM, **values)
    ministry = Organisation.objects.get(pk=ministry.pk)
    assert (ministry.valid_to, ministry.successor) == (None, None)
    assert read_head() == head
    assert Membership.objects.count() == 1


def test_the_database_refuses_dates_out_of_order_and_a_body_that_succeeds_itself(ministry):
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=ministry.pk).update(valid_to=dt.date(2019, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=ministry.pk).update(successor=ministry.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation(code="ministry", kind="other", name_ru="x").save()


def test_loading_twice_adds_nothing_and_overwrites_nothing(loaded):
    Organisation.objects.filter(code="mes").update(name_ru="Исправлено")
    assert services.load_organisations(has_examples=True) == 0
    assert Organisation.objects.get(code="mes").name_ru == "Исправлено"


def test_invented_organisations_are_loaded_on_demand_only(db):
    services.load_organisations()
    assert not Organisation.objects.filter(code__startswith="example").exists()
    assert Organisation.objects.filter(code="kazzinc").exists()


def test_the_table_is_complete_in_three_languages_and_its_dates_are_in_order():
    rows = {row.code: row for row in seed.read_organisations()}
    for row in rows.values():
        assert all(row.values[f"name_{language}"] for language in ("ru", "kk", "en")), row.code
        if row.successor:
            last, first = row.values["valid_to"], rows[row.successor].values["valid_from"]
            assert last + dt.timedelta(days=1) == first, row.code


def test_search_folds_cyrillic_and_finds_former_names(loaded, cast):
    def find(text, language="ru"):
        with translation.override(language):
            return [row.code for row in find_organisations(cast["anonymous"], text)]

    assert find("МИНИСТЕРСТВО ЭКОЛОГИИ, геологии") == ["megnr"]
    assert find("өнеркәсіптік ҚАУІПСІЗДІК комитеті", "kk") == ["cidis", "cis"]
    assert (
        find("өнеркәсіптік қауіпсіздік")
        == find("онеркасіптік кауіпсіздік")
        == find("Onerkasiptik qauipsizdik")
        == ["cidis", "cis"]
    )
    assert find("MEGNR") == ["megnr"]
    assert find("нет такой") == []


def test_the_list_is_in_the_order_of_the_readers_alphabet(loaded, cast):
    with translation.override("kk"):
        names = [row.name_in("kk") for row in find_organisations(cast["anonymous"], "министрлігі")]
    # Ә stands after А and before Б, І after Ы: by code points both would be last
    assert names.index("Инвестициялар және даму министрлігі") < names.index("Өнеркәсіп және құрылыс министрлігі")
    assert names.index("Өнеркәсіп және құрылыс министрлігі") < names.index("Су ресурстары және ирригация министрлігі")


def test_free_text_of_a_table_names_a_registered_operator(loaded):
    assert match_operator("Kazzinc (Glencore)").code == "kazzinc"
    assert match_operator("Altay Polymetals").code == "altay-polymetals"
    assert match_operator("Kazzinc UK metallurgical complex / state legacy") is None
    assert match_operator("") is None
