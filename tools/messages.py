"""The catalogues of Russian and Kazakh: taken from the sources, compiled, checked. Needs Babel and Django, not GNU gettext.

    tools/messages.py update [app …]   put every marked text into its app's django.po, drop what is no longer marked
    tools/messages.py compile          write django.mo beside each django.po
    tools/messages.py check            refuse a missing, fuzzy, obsolete or broken translation

A text that a lower app already has is not repeated in a higher one. An entry whose comment says ``borrowed`` (a text of a
library whose own catalogue lacks the language) is kept although no source of ours marks it.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

PORTAL = Path(__file__).resolve().parent.parent / "src" / "boget" / "portal"
# from the lowest up; files beside the apps are core's
APPS = ("core", "accounts", "jobs", "notifications", "registry", "assessments", "scenarios", "actions", "meetings", "reports")
PLURALS = {
    "ru": "nplurals=4; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : "
    "n%10==0 || (n%10>=5 && n%10<=9) || (n%100>=11 && n%100<=14)? 2 : 3);",
    "kk": "nplurals=2; plural=(n!=1);",
}
FORMS = {"ru": 4, "kk": 2}
HEADER = """\
msgid ""
msgstr ""
"Project-Id-Version: boget\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""

# name of the call -> positions of context, singular, plural
CALLS = {"gettext": (None, 0, None), "pgettext": (0, 1, None), "ngettext": (None, 0, 1), "npgettext": (0, 1, 2)}
NAMES = {name + suffix: where for name, where in CALLS.items() for suffix in ("", "_lazy")}
NAMES |= {"_": CALLS["gettext"], "gettext_noop": CALLS["gettext"]}

_LITERAL = r"u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
_CALL = re.compile(rf"\b(npgettext|pgettext|ngettext|gettext|_)\(\s*({_LITERAL}(?:\s*,\s*{_LITERAL})*)", re.DOTALL)
_PLACEHOLDER = re.compile(r"(?<!%)(?:%%)*(%\([A-Za-z_]\w*\)[sd])|(\{[a-z_]+\})")
_UNNAMED = re.compile(r"(?<!%)(?:%%)*%[sdif]")
_GLUED = re.compile(
    r"%\(\w+\)[sd]»?[-‐‑]?(?!тарма[қғ])(?:[нтд][ыі]ң|[ғгқк][ае]|[нтд]?[ае]н|[дт][ае]|[нтд][ыі]|[мбп]ен|[лдт][ае]р\w*|ш[ыі]|с[ыі]|[ыі])(?!\w)"
)

Key = tuple[str | None, str]


@dataclass(slots=True)
class Text:
    """A marked text and where it stands."""

    context: str | None
    singular: str
    plural: str | None = None
    places: set[str] = field(default_factory=set)

    @property
    def key(self) -> Key:
        return (self.context, self.singular)

    @property
    def id(self) -> str | tuple[str, str]:
        return (self.singular, self.plural) if self.plural else self.singular


def read_python(source: str) -> Iterator[Text]:
    """Texts in calls of gettext and its kin with literal arguments."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", None) or getattr(node.func, "attr", "")
        parts = [a.value if isinstance(a, ast.Constant) and isinstance(a.value, str) else None for a in node.args]
        if name in NAMES and (text := _pick(NAMES[name], parts)):
            yield text


def read_template(source: str, origin: str) -> Iterator[Text]:
    """Texts in translate and blocktranslate tags and in _() of expressions."""
    for match in _CALL.finditer(templatize(source, origin=origin)):
        parts = [ast.literal_eval(literal) for literal in re.findall(_LITERAL, match[2], re.DOTALL)]
        if text := _pick(NAMES[match[1]], parts):
            yield text


def _pick(where: tuple[int | None, int, int | None], parts: list[str | None]) -> Text | None:
    context, singular, plural = (parts[i] if i is not None and i < len(parts) else None for i in where)
    return Text(context, singular, plural) if singular else None


def list_sources(app: str) -> list[Path]:
    """Python files and templates of an app; for core also the files that stand beside the apps."""
    files = [p for p in (PORTAL / app).rglob("*") if p.suffix in {".py", ".html", ".txt"} and "migrations" not in p.parts]
    return sorted(files + (list(PORTAL.glob("*.py")) if app == APPS[0] else []))


def extract(app: str) -> dict[Key, Text]:
    """Every text an app marks. SyntaxError where a source cannot be read: nothing is dropped for a broken file."""
    texts: dict[Key, Text] = {}
    for path in list_sources(app):
        source, place = path.read_text(encoding="utf-8"), path.relative_to(PORTAL).as_posix()
        for text in read_python(source) if path.suffix == ".py" else read_template(source, place):
            known = texts.setdefault(text.key, text)
            known.plural = known.plural or text.plural
            known.places.add(place)
    return texts


def extract_own(apps: Iterable[str] = APPS) -> dict[str, dict[Key, Text]]:
    """Per app the texts that no lower app has."""
    own: dict[str, dict[Key, Text]] = {}
    lower: set[Key] = set()
    for app in APPS:
        texts = extract(app)
        own[app] = {key: text for key, text in texts.items() if key not in lower}
        lower |= set(texts)
    return {app: own[app] for app in apps}


def locate(app: str, language: str) -> Path:
    return PORTAL / app / "locale" / language / "LC_MESSAGES" / "django.po"


def start_catalogue(language: str) -> Catalog:
    """An empty catalogue with our plural forms: Babel's own for Russian are three."""
    return read_po(BytesIO(HEADER.format(language=language, plurals=PLURALS[language]).encode()), locale=language)


def read_catalogue(path: Path, language: str) -> Catalog:
    if not path.exists():
        return start_catalogue(language)
    with path.open("rb") as stream:
        return read_po(stream, locale=language, abort_invalid=True)


def is_borrowed(message: Message) -> bool:
    return any("borrowed" in comment for comment in message.user_comments)


def build_catalogue(texts: dict[Key, Text], known: dict[Key, Message], *, language: str) -> Catalog:
    """The new catalogue: marked texts with the translations known so far, borrowed ones kept."""
    catalogue = start_catalogue(language)
    for text in texts.values():
        old = known.get(text.key)
        catalogue.add(
            text.id,
            _fit(old.string if old else "", is_plural=bool(text.plural), language=language),
            locations=[(place, 0) for place in sorted(text.places)],
            context=text.context,
            flags=({"fuzzy"} if old and old.fuzzy else set()) | ({"python-format"} if "%(" in text.singular else set()),
            user_comments=old.user_comments if old else (),
        )
    return catalogue


def _fit(string: str | tuple[str, ...] | list[str], *, is_plural: bool, language: str) -> str | tuple[str, ...]:
    """A translation in the number of forms its text needs."""
    forms = [string] if isinstance(string, str) else list(string)
    if not is_plural:
        return forms[0]
    return tuple((forms + [""] * FORMS[language])[: FORMS[language]])


def index(catalogue: Catalog) -> dict[Key, Message]:
    return {(m.context, m.id if isinstance(m.id, str) else m.id[0]): m for m in catalogue if m.id}


def update(apps: Iterable[str]) -> int:
    own = extract_own()
    for language in PLURALS:
        stored = {app: index(read_catalogue(locate(app, language), language)) for app in APPS}
        anywhere = {key: message for app in APPS for key, message in stored[app].items() if message.string}
        for app in apps:
            known = anywhere | stored[app]
            catalogue = build_catalogue(own[app], {k: m for k, m in known.items() if k in own[app]}, language=language)
            for key, message in stored[app].items():
                if is_borrowed(message) and key not in own[app]:
                    _keep(catalogue, message)
            write_catalogue(catalogue, locate(app, language), language)
    return 0


def _keep(catalogue: Catalog, message: Message) -> None:
    catalogue.add(message.id, message.string, context=message.context, user_comments=message.user_comments, flags=message.flags)


def write_catalogue(catalogue: Catalog, path: Path, language: str) -> None:
    """Write the file where its text changes; in one step, for others may be reading it."""
    if not len(catalogue) and not path.exists():
        return
    stream, ordered = BytesIO(), start_catalogue(language)
    for _key, message in sorted(index(catalogue).items(), key=lambda pair: (pair[0][1], pair[0][0] or "")):
        ordered[message.id] = message
    write_po(stream, ordered, omit_header=True, include_lineno=False, width=110)
    text = HEADER.format(language=language, plurals=PLURALS[language]) + stream.getvalue().decode().strip() + "\n"
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
    print(f"{path.relative_to(PORTAL)}: {len(ordered)}")


def compile_all() -> int:
    for app in APPS:
        for language in PLURALS:
            path = locate(app, language)
            if path.exists():
                compile_one(path, language)
    return 0


def compile_one(path: Path, language: str) -> None:
    """Write the .mo where it is older than the .po."""
    target = path.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= path.stat().st_mtime:
        return
    draft = target.with_suffix(f".{os.getpid()}")
    with draft.open("wb") as stream:
        write_mo(stream, read_catalogue(path, language))
    draft.replace(target)


def check() -> int:
    faults = list(find_faults())
    print("\n".join(faults) if faults else "messages: ru and kk are complete")
    return 1 if faults else 0


def find_faults() -> Iterator[str]:
    for app, texts in extract_own().items():
        for language in PLURALS:
            path = locate(app, language)
            if not path.exists() and not texts:
                continue
            catalogue = read_catalogue(path, language)
            where = f"{app}/{language}"
            if path.exists() and catalogue.plural_forms.rstrip(";") != PLURALS[language].rstrip(";"):
                yield f"{where}: plural header differs"
            yield from _compare(where, texts, index(catalogue), language=language)
            yield from (f"{where}: obsolete: {key[1]!r}" for key in catalogue.obsolete)


def _compare(where: str, texts: dict[Key, Text], stored: dict[Key, Message], *, language: str) -> Iterator[str]:
    for key, text in texts.items():
        if key not in stored:
            yield f"{where}: missing: {text.singular!r}"
        elif bool(text.plural) != isinstance(stored[key].id, tuple):
            yield f"{where}: plural differs, run update: {text.singular!r}"
    for key, message in stored.items():
        if key not in texts and not is_borrowed(message):
            yield f"{where}: obsolete: {key[1]!r}"
        else:
            yield from (f"{where}: {fault}: {key[1]!r}" for fault in check_message(message, language))


def check_message(message: Message, language: str) -> Iterator[str]:
    """What is wrong with one translation."""
    ids = (message.id,) if isinstance(message.id, str) else message.id
    strings = (message.string,) if isinstance(message.string, str) else tuple(message.string)
    if message.fuzzy:
        yield "fuzzy"
    if not all(strings) or len(strings) != (1 if len(ids) == 1 else FORMS[language]):
        yield "not translated"
        return
    wanted = set(_list_placeholders(ids[-1]))
    if any(set(_list_placeholders(string)) != wanted for string in strings):
        yield "placeholders differ"
    if not is_borrowed(message) and any(_UNNAMED.search(text) for text in ids):
        yield "placeholder without a name"
    if language == "kk" and any(_GLUED.search(string) for string in strings):
        yield "ending glued to a placeholder"
    if language == "kk" and len(set(strings)) > 1:
        yield "kk plural forms differ"


def _list_placeholders(text: str) -> list[str]:
    return [named or braced for named, braced in _PLACEHOLDER.findall(text)]


def main(arguments: list[str]) -> int:
    if not settings.configured:
        settings.configure()
    match arguments:
        case ["update", *apps] if set(apps) <= set(APPS):
            return update(apps or APPS)
        case ["compile"]:
            return compile_all()
        case ["check"]:
            return check()
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
