"""The tool behind the catalogues, and the catalogues themselves: complete in Russian and Kazakh."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The tool over a portal of its own with two apps, core and accounts."""
    specification = importlib.util.spec_from_file_location("messages", ROOT / "tools" / "messages.py")
    assert specification and specification.loader
    module = importlib.util.module_from_spec(specification)
    monkeypatch.setitem(__import__("sys").modules, "messages", module)
    specification.loader.exec_module(module)
    monkeypatch.setattr(module, "PORTAL", tmp_path)
    for app in module.APPS:
        (tmp_path / app).mkdir()
    return module


def write(tool: ModuleType, place: str, text: str) -> None:
    path = tool.PORTAL / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def translate(tool: ModuleType, app: str, **strings: object) -> None:
    """Fill the Russian and Kazakh entries of an app; a Kazakh text may be given as kk."""
    for language in ("ru", "kk"):
        catalogue = tool.read_catalogue(tool.locate(app, language), language)
        for key, message in tool.index(catalogue).items():
            text = strings.get(language, key[1])
            message.string = (text,) * tool.FORMS[language] if isinstance(message.id, tuple) else text
        tool.write_catalogue(catalogue, tool.locate(app, language), language)


def test_takes_every_form_from_python_and_templates(tool: ModuleType) -> None:
    write(tool, "core/a.py", "_('one')\npgettext_lazy('place', 'two')\nngettext('a', 'b', n)\nx.gettext('th' 'ree')\n_(name)")
    page = """{% translate "four" %}{% translate "five" context "mark" %}{{ _("six") }}
    {% blocktranslate trimmed with name=n %} seven
    {{ name }} 5 % {% endblocktranslate %}
    {% blocktranslate count n=n %}{{ n }} dam{% plural %}{{ n }} dams{% endblocktranslate %}"""
    write(tool, "core/templates/a.html", page)
    texts = tool.extract("core")
    assert {(t.context, t.id) for t in texts.values()} == {
        (None, "one"), ("place", "two"), (None, ("a", "b")), (None, "three"), (None, "four"), ("mark", "five"),
        (None, "six"), (None, "seven %(name)s 5 %%"), (None, ("%(n)s dam", "%(n)s dams")),
    }  # fmt: skip


def test_a_text_of_a_lower_app_is_not_repeated(tool: ModuleType) -> None:
    write(tool, "core/a.py", "_('Save')")
    write(tool, "accounts/a.py", "_('Save'); _('Sign in')")
    assert tool.main(["update"]) == 0
    kazakh = tool.index(tool.read_catalogue(tool.locate("accounts", "kk"), "kk"))
    assert {key[1] for key in kazakh} == {"Sign in"}


def test_update_keeps_translations_drops_obsolete_and_is_stable(tool: ModuleType) -> None:
    write(tool, "core/a.py", "_('Save'); _('Gone'); ngettext('%(n)s row', '%(n)s rows', 2)")
    tool.main(["update"])
    translate(tool, "core")
    assert tool.main(["check"]) == 0
    before = tool.locate("core", "ru").read_bytes()
    tool.main(["update"])
    assert tool.locate("core", "ru").read_bytes() == before
    write(tool, "core/a.py", "_('Save')")
    assert tool.main(["check"]) == 1
    tool.main(["update"])
    assert tool.main(["check"]) == 0
    assert b"Gone" not in tool.locate("core", "ru").read_bytes()


def test_update_refuses_a_broken_source(tool: ModuleType) -> None:
    write(tool, "core/a.py", "_('Save'")
    with pytest.raises(SyntaxError):
        tool.main(["update"])


def test_borrowed_entries_stay(tool: ModuleType) -> None:
    write(tool, "core/a.py", "_('Save')")
    tool.main(["update"])
    path = tool.locate("core", "kk")
    path.write_text(path.read_text() + '\n# borrowed: django\nmsgid "Enter a number."\nmsgstr "Санды енгізіңіз."\n')
    tool.main(["update"])
    assert "Enter a number." in path.read_text()
    assert "borrowed: django" in path.read_text()


@pytest.mark.parametrize(
    ("source", "kazakh", "fault"),
    [
        ("_('Save')", "", "not translated"),
        ("_('%(name)s is late')", "кешікті", "placeholders differ"),
        ("_('%(name)s is late')", "%(name)s-ның", "ending glued"),
        ("_('%(name)s is late')", "«%(name)s»-ден кейін", "ending glued"),
        ("_('%s is late')", "%s кешікті", "placeholder without a name"),
    ],
)
def test_check_finds_faults(tool: ModuleType, source: str, kazakh: str, fault: str, capsys: pytest.CaptureFixture[str]) -> None:
    write(tool, "core/a.py", source)
    tool.main(["update"])
    translate(tool, "core", kk=kazakh)
    assert tool.main(["check"]) == 1
    assert f"core/kk: {fault}" in capsys.readouterr().out


def test_a_noun_after_a_number_is_no_ending(tool: ModuleType) -> None:
    write(tool, "core/a.py", "_('Row %(row)s')")
    tool.main(["update"])
    translate(tool, "core", kk="%(row)s-жол")
    assert tool.main(["check"]) == 0


def test_compiled_catalogue_is_read_by_gettext(tool: ModuleType) -> None:
    import gettext

    write(tool, "core/a.py", "ngettext('%(n)s row', '%(n)s rows', 2); pgettext('place', 'none')")
    tool.main(["update"])
    translate(tool, "core", ru="строк: %(n)s", kk="%(n)s жол")
    tool.main(["compile"])
    with tool.locate("core", "kk").with_suffix(".mo").open("rb") as stream:
        catalogue = gettext.GNUTranslations(stream)
    assert catalogue.ngettext("%(n)s row", "%(n)s rows", 5) == "%(n)s жол"


def test_catalogues_are_complete(capsys: pytest.CaptureFixture[str]) -> None:
    specification = importlib.util.spec_from_file_location("messages", ROOT / "tools" / "messages.py")
    assert specification and specification.loader
    module = importlib.util.module_from_spec(specification)
    __import__("sys").modules["messages"] = module
    specification.loader.exec_module(module)
    assert module.main(["check"]) == 0, capsys.readouterr().out
