"""The «Протокол» laid out: every line in the language asked for, ready for Word and PDF alike.

What exists in another language only is printed in that one with a mark. Both formats are made of the same
:class:`Paper`, so that they cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from boget.portal.core.formatting import NO_BREAK, format_partial_date
from boget.portal.core.templatetags.boget import FALLBACKS
from boget.portal.meetings.markup import Block, read_blocks
from boget.portal.meetings.models import AttendanceRole, MeetingMode, MinutesState, MinutesVersion

BLANK = "________________"
RUSSIAN_GROUP, RUSSIAN_OF_GROUP = "Рабочая группа", "Рабочей группы"


@dataclass(slots=True)
class PaperPart:
    """A part of an item: its heading, its blocks, the mark of another language."""

    heading: str
    blocks: list[Block]
    mark: str = ""
    language: str = ""


@dataclass(slots=True)
class PaperDecision:
    number: str
    ref: str
    paragraphs: list[str]
    mark: str
    language: str
    lines: list[str]


@dataclass(slots=True)
class PaperItem:
    number: int
    title: str
    mark: str
    language: str
    parts: list[PaperPart]
    decided: str
    decisions: list[PaperDecision]
    dissent: PaperPart | None = None


@dataclass(slots=True)
class PaperTable:
    """An annex: letter and name, heads of the columns, rows of texts; ``widths`` are shares of the page."""

    heading: str
    head: list[str]
    rows: list[list[str]]
    widths: list[int]
    empty: str = ""


@dataclass(slots=True)
class Paper:
    """The minutes in one language, line by line."""

    language: str
    name: str
    body: str
    head: list[tuple[str, str]]  # (kind: title or line, text)
    place: str
    date: str
    marks: list[str]
    facts: list[tuple[str, str]]
    present_heading: str
    present: list[tuple[str, list[str]]]
    quorum: str
    agenda_heading: str
    agenda: list[str]
    items: list[PaperItem]
    signatures: list[tuple[str, str]]
    signature_note: str
    attachments: str
    annexes: list[PaperTable] = field(default_factory=list)
    foot: str = ""
    page: str = ""

    def as_mapping(self) -> dict[str, Any]:
        return asdict(self)


def lay_out(content: Mapping[str, Any], language: str, *, version: int = 0, sha256: str = "") -> Paper:
    """The paper of a frozen content in a language. ``version`` 0: as it stands now, not frozen."""
    with translation.override(language):
        return _Layout(content, language).write(version=version, sha256=sha256)


def lay_out_version(version: MinutesVersion, language: str) -> Paper:
    return lay_out(version.content, language, version=version.number, sha256=version.sha256)


class _Layout:
    def __init__(self, content: Mapping[str, Any], language: str) -> None:
        self.content = content
        self.language = language

    def write(self, *, version: int, sha256: str) -> Paper:
        content = self.content
        name = _("Minutes No %(number)s") % {"number": content["number"]}
        return Paper(
            language=self.language,
            name=name,
            body=self._choose(content["body"])[0],
            head=self._write_head(),
            place=content["place"] or (self._say_mode() if content["mode"] == MeetingMode.ONLINE else ""),
            date=self._write_date(content["day"]),
            marks=list(self._list_marks()),
            facts=list(self._list_facts()),
            present_heading=pgettext("paper", "Present"),
            present=list(self._list_present()),
            quorum=self._say_quorum(),
            agenda_heading=pgettext("paper", "Agenda"),
            agenda=[self._write_agenda_line(number, item) for number, item in enumerate(content["items"], start=1)],
            items=[self._write_item(number, item) for number, item in enumerate(content["items"], start=1)],
            signatures=list(self._list_signatures()),
            signature_note=self._say_signature(),
            attachments=self._say_attachments(),
            annexes=[self._write_decisions(), self._write_attendance()],
            foot=self._write_foot(name, version, sha256),
            page=pgettext("paper", "page %(page)s of %(pages)s"),
        )

    # head

    def _write_head(self) -> list[tuple[str, str]]:
        number = self.content["number"]
        group, _language = self._choose(self.content["group"])
        if self.language == "ru":
            of_group = group.replace(RUSSIAN_GROUP, RUSSIAN_OF_GROUP, 1) if group.startswith(RUSSIAN_GROUP) else f"«{group}»"
            return [("title", f"ПРОТОКОЛ № {number}"), ("line", f"заседания {of_group}")]
        if self.language == "kk":
            return [("line", f"{group} отырысының"), ("title", f"№ {number} ХАТТАМАСЫ")]
        return [("title", f"MINUTES No {number}"), ("line", f"of the meeting of the {group.removeprefix('The ')}")]

    def _write_date(self, iso: str) -> str:
        text = format_partial_date(iso, language=self.language)
        return text.replace(f"{NO_BREAK}г.", f"{NO_BREAK}года") if self.language == "ru" else text

    def _list_marks(self) -> Iterator[str]:
        content = self.content
        if content["is_demo"]:
            yield _("Demonstration data. Not official information.")
        if content.get("state", MinutesState.DRAFT) == MinutesState.DRAFT:
            due = content["comments_due"]
            if due:
                yield pgettext("paper", "DRAFT. Comments by %(day)s") % {"day": format_partial_date(due, short=True)}
            else:
                yield pgettext("paper", "DRAFT")
        if content.get("reason"):
            yield pgettext("paper", "Corrected version. Reason: %(reason)s") % {"reason": content["reason"]}

    def _list_facts(self) -> Iterator[tuple[str, str]]:
        content = self.content
        if content["begins"]:
            yield _("Time"), self._write_time()
        if content["mode"] != MeetingMode.UNKNOWN:
            yield _("Mode"), self._say_mode()
        for label, value in ((_("Host"), content["host"]), (_("Funder"), content["funder"])):
            if value:
                yield label, value
        yield pgettext("paper", "In the chair"), self._name_officer(content["chair"])
        yield pgettext("paper", "Secretary"), self._name_officer(content["secretary"])

    def _write_time(self) -> str:
        content = self.content
        offset = content["offset_minutes"]
        hours, rest = divmod(abs(offset), 60)
        zone = f"UTC{'−' if offset < 0 else '+'}{hours}{f':{rest:02d}' if rest else ''}" if offset else "UTC"
        times = f"{content['begins']}–{content['ends']}" if content["ends"] else content["begins"]
        return f"{times} ({zone})"

    def _say_mode(self) -> str:
        return str(MeetingMode(self.content["mode"]).label)

    def _name_officer(self, person: Mapping[str, Any] | None) -> str:
        if person is None:
            return BLANK
        body, _language = self._choose(person["organisation"])
        return ", ".join(part for part in (person["name"], person["post"], body) if part)

    # people

    def _list_present(self) -> Iterator[tuple[str, list[str]]]:
        labels = {
            AttendanceRole.MEMBER: pgettext("paper", "members"),
            AttendanceRole.SUBSTITUTE: pgettext("paper", "substitutes"),
            AttendanceRole.OBSERVER: pgettext("paper", "observers"),
            AttendanceRole.INVITED: pgettext("paper", "invited"),
        }
        for role, label in labels.items():
            people = [row for row in self.content["people"] if row["role"] == role and row["is_present"]]
            if people:
                yield label, self._group_bodies(people)

    def _group_bodies(self, people: Sequence[Mapping[str, Any]]) -> list[str]:
        bodies: dict[str, list[str]] = {}
        for person in people:
            body, _language = self._choose(person["organisation"])
            bodies.setdefault(body, []).append(self._name_person(person))
        return [f"{body}: {'; '.join(names)}" if body else "; ".join(names) for body, names in bodies.items()]

    def _name_person(self, person: Mapping[str, Any]) -> str:
        post = f" ({person['post']})" if person["post"] else ""
        stands = person["stands_for"]
        return f"{person['name']}{post}" + (f" – {_('in place of: %(name)s') % {'name': stands}}" if stands else "")

    def _say_quorum(self) -> str:
        quorum = self.content["quorum"]
        if not quorum["members"]:
            return _("Quorum: no members with a vote are on the list")
        counted = {"present": quorum["present"], "members": quorum["members"], "needed": quorum["needed"]}
        met = _("Quorum: %(present)s of %(members)s members; there is a quorum (needed: %(needed)s)")
        short = _("Quorum: %(present)s of %(members)s members; there is no quorum (needed: %(needed)s)")
        text = (met if quorum["is_met"] else short) % counted
        return f"{text} [{_('placeholder: the rule of the statute is not entered yet')}]" if quorum["is_placeholder"] else text

    # items

    def _write_agenda_line(self, number: int, item: Mapping[str, Any]) -> str:
        title, mark, _language = self._choose_marked(item["title"])
        speaker = f" ({item['speaker']})" if item["speaker"] else ""
        return " ".join(part for part in (f"{number}. {title}{speaker}", mark) if part)

    def _write_item(self, number: int, item: Mapping[str, Any]) -> PaperItem:
        title, mark, language = self._choose_marked(item["title"])
        headings = (("heard", pgettext("paper", "HEARD")), ("spoke", pgettext("paper", "TOOK THE FLOOR")))
        parts = [part for name, heading in headings if (part := self._write_part(item[name], heading)) is not None]
        decisions = [self._write_decision(f"{number}.{place}", row) for place, row in enumerate(item["decisions"], start=1)]
        dissent = self._write_part(item["dissent"], pgettext("paper", "Dissenting opinion"))
        return PaperItem(number, title, mark, language, parts, pgettext("paper", "DECIDED"), decisions, dissent)

    def _write_part(self, texts: Mapping[str, str], heading: str) -> PaperPart | None:
        html, mark, language = self._choose_marked(texts)
        return PaperPart(heading, read_blocks(html), mark, language) if html else None

    def _write_decision(self, number: str, row: Mapping[str, Any]) -> PaperDecision:
        text, mark, language = self._choose_marked(row["text"])
        paragraphs = [line.strip() for line in text.splitlines() if line.strip()]
        return PaperDecision(number, row["ref"], paragraphs, mark, language, list(self._list_decision_lines(row)))

    def _list_decision_lines(self, row: Mapping[str, Any]) -> Iterator[str]:
        bodies = self._join_bodies(row)
        if bodies:
            label = ngettext("Responsible: %(bodies)s", "Responsible bodies: %(bodies)s", len(row["responsible"]))
            yield label % {"bodies": bodies}
        if row["due"]:
            yield _("Due: %(date)s") % {"date": format_partial_date(row["due"], language=self.language)}
        if row["vote_form"] == "vote":
            votes = {"yes": row["votes"][0], "no": row["votes"][1], "abstained": row["votes"][2] or 0}
            yield _("For – %(yes)s, against – %(no)s, abstained – %(abstained)s") % votes
        elif row["vote_form"] == "noted":
            yield _("Taken note of")
        if row["dissent"]:
            yield _("Dissenting opinion: %(text)s") % {"text": " ".join(row["dissent"].split())}
        yield self._name_decision(row)

    def _name_decision(self, row: Mapping[str, Any]) -> str:
        """Under which number the decision goes on living, and as which action."""
        if row["action"]:
            return pgettext("paper", "Decision No %(ref)s, action %(action)s") % {"ref": row["ref"], "action": row["action"]}
        if row["plan_item"]:
            return pgettext("paper", "Decision No %(ref)s, item %(item)s of the work plan") % {
                "ref": row["ref"],
                "item": row["plan_item"],
            }
        return pgettext("paper", "Decision No %(ref)s") % {"ref": row["ref"]}

    def _join_bodies(self, row: Mapping[str, Any]) -> str:
        return ", ".join(self._choose(body)[0] for body in row["responsible"])

    # end

    def _list_signatures(self) -> Iterator[tuple[str, str]]:
        content, signature = self.content, self.content.get("signature") or {}
        for label, key in ((pgettext("paper", "Chair"), "chair"), (pgettext("paper", "Secretary"), "secretary")):
            person = content[key]
            yield label, signature.get(key) or (person["name"] if person else "")

    def _say_signature(self) -> str:
        signature = self.content.get("signature")
        if not signature:
            return pgettext("paper", "draft, not signed")
        return pgettext("paper", "signed on %(day)s") % {"day": format_partial_date(signature["day"], language=self.language)}

    def _say_attachments(self) -> str:
        pages = self.content["attachments_pages"]
        if not pages:
            return ""
        return ngettext("Attachments: %(pages)s sheet", "Attachments: %(pages)s sheets", pages) % {"pages": pages}

    def _write_decisions(self) -> PaperTable:
        rows = [
            [row["ref"], self._text_with_mark(row["text"]), self._join_bodies(row) or "–",
             format_partial_date(row["due"], short=True) if row["due"] else "–", row["action"] or row["plan_item"] or "–"]
            for item in self.content["items"]
            for row in item["decisions"]
        ]  # fmt: skip
        rows.sort(key=lambda row: [int(part) for part in row[0].split(".")])
        return PaperTable(
            pgettext("paper", "Annex A. Decisions"),
            [pgettext("paper", "No"), pgettext("paper", "Decision"), pgettext("paper", "Responsible"),
             pgettext("paper", "Due"), pgettext("paper", "Action")],
            rows,
            [6, 42, 20, 15, 17],
            _("No decisions were taken."),
        )  # fmt: skip

    def _write_attendance(self) -> PaperTable:
        came = {True: pgettext("attendance", "present"), False: pgettext("attendance", "absent"), None: _("unknown")}
        rows = [
            [str(number), self._choose(row["organisation"])[0] or "–", row["name"], row["post"] or "–",
             str(AttendanceRole(row["role"]).label), came[row["is_present"]]]
            for number, row in enumerate(self.content["people"], start=1)
        ]  # fmt: skip
        return PaperTable(
            pgettext("paper", "Annex B. Attendance"),
            [pgettext("paper", "No"), pgettext("paper", "Organisation"), pgettext("paper", "Name"), pgettext("paper", "Post"),
             pgettext("paper", "Role"), pgettext("paper", "Presence")],
            rows,
            [5, 25, 19, 18, 16, 17],
            _("Nobody is on the list."),
        )  # fmt: skip

    def _write_foot(self, name: str, version: int, sha256: str) -> str:
        if not version:
            return f"{name} · {pgettext('paper', 'as it stands, not frozen')}"
        number = pgettext("paper", "version %(number)s") % {"number": version}
        return f"{name} · {number} · SHA-256 {sha256[:16]}"

    # languages

    def _choose(self, texts: Mapping[str, str]) -> tuple[str, str]:
        """The text in the language of the paper, else in another; with the code of the language it is in."""
        for code in FALLBACKS[self.language]:
            if texts.get(code):
                return texts[code], code
        return "", self.language

    def _choose_marked(self, texts: Mapping[str, str]) -> tuple[str, str, str]:
        text, code = self._choose(texts)
        marks = {"ru": _("(in Russian)"), "kk": _("(in Kazakh)"), "en": _("(in English)")}
        return text, marks[code] if text and code != self.language else "", code

    def _text_with_mark(self, texts: Mapping[str, str]) -> str:
        text, mark, _language = self._choose_marked(texts)
        return f"{text} {mark}".strip()
