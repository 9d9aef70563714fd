"""Forms of the action plan. What was typed stays in the form whatever is refused."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from boget.portal.accounts.models import LANGUAGE_NAMES, Organisation
from boget.portal.accounts.selectors import access_of, today
from boget.portal.actions.models import Action, ActionKind, ActionState, Funding, OriginKind, PartyRole, Priority
from boget.portal.actions.selectors.bodies import read_bodies
from boget.portal.actions.services.parts import CHECKS, LONG, Origin, Party, label_of
from boget.portal.core.errors import refuse, translate
from boget.portal.core.formatting import format_number, format_partial_date
from boget.portal.core.levels import Level
from boget.portal.registry.models import Facility
from boget.science.errors import BogetError

LEAST_ROWS, SPARE_ROWS = 3, 2
MOST_ROWS = 20
SIZES = {  # what a money word multiplies by
    "": 1, "тыс": 10**3, "мың": 10**3, "thousand": 10**3, "млн": 10**6, "million": 10**6, "m": 10**6,
    "млрд": 10**9, "billion": 10**9, "bn": 10**9,
}  # fmt: skip
MONEY = re.compile(r"(\d[\d\s]*(?:[.,]\d{1,3})?)\s*([a-zа-яәғқңөұүһі]*)\.?\s*(?:₸|тенге|теңге|тг|kzt)?\.?", re.IGNORECASE)
DATE_HINT = _("A day, month, quarter or year: 30.06.2026, 06.2026, Q2 2026, 2026. The last day of it still counts.")


def parse_money(text: str) -> Decimal | None:
    """Whole tenge from what people write; None for nothing. Raises InvalidInput ``not_a_number``.

    >>> parse_money("12 500 000"), parse_money("1,9 млрд ₸"), parse_money("")
    (Decimal('12500000'), Decimal('1900000000'), None)
    """
    plain = " ".join(text.split())
    if not plain:
        return None
    found = MONEY.fullmatch(plain)
    size = SIZES.get(found[2].lower()) if found else None
    if found is None or size is None:
        raise refuse("not_a_number", where=label_of("cost_kzt"), value=plain[:40])
    amount = Decimal(re.sub(r"\s", "", found[1]).replace(",", ".")) * size
    if amount != amount.to_integral_value():
        raise refuse("not_a_whole_number", where=label_of("cost_kzt"), value=plain[:40])
    return amount.quantize(Decimal(1))


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "class": "w-full"})


def _line(limit: int, **more: Any) -> forms.CharField:
    return forms.CharField(required=False, max_length=limit, widget=forms.TextInput(attrs={"class": "w-name"}), **more)


class ActionForm(forms.Form):
    """The words, dates and money of an action; bodies come as rows of ``body-n`` and ``part-n``."""

    title = forms.CharField(
        label=_("Action"), max_length=500, widget=_area(2), help_text=_("What is to be done, in one sentence with a verb.")
    )
    language = forms.ChoiceField(label=_("Language of the text"), choices=LANGUAGE_NAMES)
    objective = forms.CharField(label=_("Objective"), required=False, max_length=LONG, widget=_area(2))
    kind = forms.ChoiceField(label=_("Kind"), choices=ActionKind.choices, required=False)
    priority = forms.ChoiceField(label=_("Priority"), choices=Priority.choices, required=False)
    working_area = _line(120, label=_("Working area"), help_text=_("Such as: safety measures, contingency planning."))
    facility = _line(24, label=_("Facility"), help_text=_("Its number in the register, such as KZ-0001."))
    depends_on = _line(12, label=_("Depends on"), help_text=_("Number of the action that must be done before, such as A-0007."))
    start = _line(60, label=_("Start"), help_text=DATE_HINT)
    due = _line(60, label=_("Due"), help_text=DATE_HINT)
    cost_kzt = _line(40, label=_("Money, KZT"), help_text=_("Whole tenge, such as 12 500 000 or 12,5 млн. Empty: not stated."))
    funding = forms.ChoiceField(label=_("Source of money"), choices=Funding.choices, required=False)
    resources = _line(300, label=_("Other resources"), help_text=_("Staff, equipment, expertise."))
    expected_result = forms.CharField(label=_("Expected result"), required=False, max_length=LONG, widget=_area(2))
    indicator = _line(300, label=_("Indicator"), help_text=_("What is measured to see that it works."))
    indicator_unit = _line(40, label=_("Unit of the indicator"))
    baseline = _line(60, label=_("Baseline"), help_text=_("Value before the action."))
    target = _line(60, label=_("Target"), help_text=_("Value after the action."))
    level = forms.TypedChoiceField(label=_("Open to"), coerce=int, choices=())
    origin_kind = forms.ChoiceField(label=_("Where it comes from"), required=False, choices=())
    origin_ref = _line(60, label=_("Its number"), help_text=_("Such as 5.3, 2022/3, 1.2.P, EPR3-8.4-b."))
    origin_label = _line(300, label=_("Its words"))
    reason = _line(500, label=_("Reason for the change"))

    GROUPS = (  # lines of fields that stand side by side
        (
            pgettext_lazy("part of the form", "What"),
            (("title",), ("objective",), ("kind", "priority", "language"), ("working_area",), ("facility", "depends_on")),
        ),
        (pgettext_lazy("part of the form", "When"), (("start", "due"),)),
        (_("Money and resources"), (("cost_kzt", "funding"), ("resources",))),
        (
            pgettext_lazy("part of the form", "Result"),
            (("expected_result",), ("indicator", "indicator_unit"), ("baseline", "target")),
        ),
    )

    def __init__(self, *args: Any, user: Any, action: Action | None = None, **kwargs: Any) -> None:
        self.user, self.action = user, action
        super().__init__(*args, **kwargs)
        levels = [(int(level), level.label) for level in Level if level <= access_of(user).level]
        self.fields["level"].choices = levels  # type: ignore[attr-defined]
        self.fields["origin_kind"].choices = [("", "—"), *OriginKind.choices]  # type: ignore[attr-defined]
        for name in ("reason",) if action is None else ("origin_kind", "origin_ref", "origin_label"):
            del self.fields[name]
        if action is not None:
            self.fields["reason"].required = True
            self._fix_agreed_due(action)
        self.parties: list[Party] = []
        self.origins: list[Origin] = []

    def _fix_agreed_due(self, action: Action) -> None:
        if action.due and action.state != ActionState.PROPOSED:
            self.fields["due"].disabled = True
            self.fields["due"].help_text = _("An agreed date is moved by postponing, with the reason and who allowed it.")

    # --- values --------------------------------------------------------------------------------------------------------

    def _check(self, name: str, value: Any) -> Any:
        try:
            return CHECKS[name](name, value)
        except BogetError as error:
            raise forms.ValidationError(translate(error)) from error

    def clean_start(self) -> str:
        return self._check("start", self.cleaned_data["start"])

    def clean_due(self) -> str:
        return self._check("due", self.cleaned_data["due"])

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or ActionKind.UNKNOWN

    def clean_priority(self) -> str:
        return self.cleaned_data["priority"] or Priority.UNKNOWN

    def clean_funding(self) -> str:
        return self.cleaned_data["funding"] or Funding.NOT_STATED

    def clean_cost_kzt(self) -> Decimal | None:
        try:
            return CHECKS["cost_kzt"]("cost_kzt", parse_money(self.cleaned_data["cost_kzt"]))
        except BogetError as error:
            raise forms.ValidationError(translate(error)) from error

    def clean_facility(self) -> Facility | None:
        return self._find(Facility.objects.visible_to(self.user), "facility")

    def clean_depends_on(self) -> Action | None:
        return self._find(Action.objects.visible_to(self.user), "depends_on")

    def initial_of(self, name: str) -> str:
        """What the form of this action shows at first for a field."""
        return str(describe_initial(self.action, self.user).get(name, "")) if self.action is not None else ""

    def _find(self, rows: Any, name: str) -> Any:
        """The record of a number, among those that the person may see: a hidden one is answered like one that is not there."""
        number = self.cleaned_data[name].strip().upper()
        if not number:
            return None
        kept = getattr(self.action, name) if self.action is not None else None
        if kept is not None and kept.public_id == number:
            return kept
        found = rows.filter(public_id=number).first()
        if found is None:
            raise forms.ValidationError(gettext("There is no “%(number)s”.") % {"number": number[:40]})
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.parties = self._read_parties()
        if cleaned.get("origin_kind") or cleaned.get("origin_ref"):
            if cleaned.get("origin_kind") and cleaned.get("origin_ref"):
                self.origins = [Origin(cleaned["origin_kind"], cleaned["origin_ref"], cleaned["origin_label"])]
            else:
                self.add_error("origin_ref", gettext("Choose where it comes from and give its number."))
        return cleaned

    def read_values(self) -> dict[str, Any]:
        """What the service takes, once the form is valid."""
        return {name: self.cleaned_data[name] for name in CHECKS if name in self.cleaned_data}

    # --- bodies --------------------------------------------------------------------------------------------------------

    def _read_parties(self) -> list[Party]:
        chosen = [(self.data.get(f"body-{n}", ""), self.data.get(f"part-{n}", "")) for n in range(MOST_ROWS)]
        bodies = {str(body.pk): body for body in self._list_bodies()}
        known = [(bodies[pk], part) for pk, part in chosen if pk in bodies]
        if any(part not in PartyRole.values for _body, part in known):
            self.add_error(None, gettext("Choose the part of each body."))
            return []
        return [Party(body, part) for body, part in known]

    def _list_bodies(self) -> list[Organisation]:
        """Bodies of today, and those the action has under whatever name."""
        if not hasattr(self, "_bodies"):
            now = list(Organisation.objects.on(today()).select_related("successor"))
            kept = {body.pk for body in now}
            named = [p.organisation for p in self.action.parties.select_related("organisation")] if self.action else []
            self._bodies = now + [body for body in named if body.pk not in kept]
        return self._bodies

    @property
    def body_rows(self) -> list[dict[str, Any]]:
        """Rows of the table of bodies: number, chosen body, chosen part."""
        chosen = self._list_chosen()
        count = min(max(len(chosen) + SPARE_ROWS, LEAST_ROWS), MOST_ROWS)
        chosen += [("", "")] * (count - len(chosen))
        return [{"number": n, "body": body, "part": part or self._default_part(n)} for n, (body, part) in enumerate(chosen)]

    def _list_chosen(self) -> list[tuple[str, str]]:
        if self.is_bound:
            typed = ((self.data.get(f"body-{n}", ""), self.data.get(f"part-{n}", "")) for n in range(MOST_ROWS))
            return [(body, part) for body, part in typed if body]
        if self.action is None:
            return []
        return [(str(party.organisation_id), party.role) for party in self.action.parties.all()]

    @staticmethod
    def _default_part(number: int) -> str:
        return PartyRole.LEAD if number == 0 else PartyRole.CO

    @property
    def body_choices(self) -> list[tuple[str, str]]:
        bodies = read_bodies()
        by_code = {body.code: str(body.pk) for body in self._list_bodies()}
        return [(by_code.get(code, ""), name) for code, name in bodies.sort_names({b.pk for b in self._list_bodies()})]

    @property
    def part_choices(self) -> Sequence[tuple[str, Any]]:
        return PartyRole.choices

    @property
    def field_groups(self) -> list[tuple[Any, list[list[Any]]]]:
        return [(label, [[self[name] for name in line] for line in lines]) for label, lines in self.GROUPS]


def describe_initial(action: Action, user: Any) -> dict[str, Any]:
    """What the form of an action shows at first. Numbers of what the person may not see stay hidden."""
    plain = ("title", "language", "objective", "kind", "priority", "working_area", "funding", "resources", "expected_result",
             "indicator", "indicator_unit", "baseline", "target", "level")  # fmt: skip
    seen = Facility.objects.visible_to(user).filter(pk=action.facility_id).values_list("public_id", flat=True).first()
    before = Action.objects.visible_to(user).filter(pk=action.depends_on_id).values_list("public_id", flat=True).first()
    return {name: getattr(action, name) for name in plain} | {
        "facility": seen or "",
        "depends_on": before or "",
        "start": format_partial_date(action.start, short=True) if action.start else "",
        "due": format_partial_date(action.due, short=True) if action.due else "",
        "cost_kzt": "" if action.cost_kzt is None else format_number(int(action.cost_kzt), decimals=0),
    }


# --- steps -------------------------------------------------------------------------------------------------------------

WORDS: Mapping[str, tuple[tuple[str, Any, bool], ...]] = {  # step -> (field, label, whether it must be filled)
    "agree": (("text", _("Remark"), False),),
    "approve": (("text", _("By which decision"), True),),
    "start": (("text", _("Remark"), False),),
    "progress": (("text", _("What was done"), True), ("percent", _("Done, %"), False), ("evidence", _("Evidence"), False)),
    "claim": (("text", _("What was done"), True), ("evidence", _("Evidence"), True)),
    "verify": (("text", _("What was checked"), False), ("evidence", _("Evidence"), False)),
    "return": (("text", _("What is missing"), True),),
    "postpone": (
        ("new_due", _("New due date"), True),
        ("text", _("Reason"), True),
        ("allowed_by", _("Who allowed it"), True),
    ),
    "block": (("text", _("What blocks it"), True),),
    "resume": (("text", _("Remark"), False),),
    "cancel": (("text", _("Reason"), True),),
}
HINTS = {
    "evidence": _("Documents, letters with date and number, addresses of pages."),
    "allowed_by": _("Such as: decision 5.4, letter No 12 of 01.06.2026."),
    "new_due": DATE_HINT,
    "percent": _("Of the whole, 0 to 100. Empty: not stated."),
}


class StepForm(forms.Form):
    """What a step needs to say."""

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        for name, label, is_required in WORDS[kind]:
            field = self._build(name)
            field.label, field.required, field.help_text = label, is_required, HINTS.get(name, "")
            self.fields[name] = field

    @staticmethod
    def _build(name: str) -> forms.Field:
        if name == "percent":
            return forms.IntegerField(min_value=0, max_value=100, widget=forms.NumberInput(attrs={"class": "w-year"}))
        if name in ("new_due", "allowed_by"):
            return forms.CharField(max_length=300, widget=forms.TextInput(attrs={"class": "w-name"}))
        return forms.CharField(max_length=8000, widget=_area(3))

    def read_words(self) -> dict[str, Any]:
        """Arguments of the step."""
        return dict(self.cleaned_data)


class OriginForm(forms.Form):
    """One more origin of an action."""

    kind = forms.ChoiceField(label=_("Where it comes from"), choices=OriginKind.choices)
    ref = forms.CharField(label=_("Its number"), max_length=60, widget=forms.TextInput(attrs={"class": "w-name"}))
    label = _line(300, label=_("Its words"))


class ApprovalForm(forms.Form):
    """By which decision a version of the plan is approved."""

    approved_by = forms.CharField(
        label=_("Decision"), max_length=60, help_text=_("Number of the decision, such as 4.5."),
        widget=forms.TextInput(attrs={"class": "w-date"}),
    )  # fmt: skip
    approved_on = forms.DateField(
        label=_("Day of the approval"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean_approved_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["approved_on"]
        if day > today():
            raise forms.ValidationError(gettext("This day is still to come."))
        return day
