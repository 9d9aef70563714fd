"""Forms of the work plan. The services check everything again; forms keep what was typed and say where it is wrong."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from boget.portal.accounts.models import Organisation, OrganisationKind
from boget.portal.accounts.selectors import today
from boget.portal.core.errors import translate
from boget.portal.core.formatting import format_partial_date
from boget.portal.core.partial_dates import parse_partial_date
from boget.portal.meetings.models import ItemPartyRole, ItemState, PlanItem, PlanState, WorkPlan
from boget.portal.meetings.selectors.plan import choose_paper_day
from boget.portal.meetings.services.plan import NewItem
from boget.portal.meetings.services.progress import ItemReport
from boget.science.errors import BogetError

LONG = 4000
DATE_HINT = _("A day, a month, a quarter or a year: 22.07.2026, July 2026, Q4 2026, 2026.")


class VersionedForm(forms.Form):
    """A form that knows which version of the record was read."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def add_refusal(self, error: BogetError, field: str | None = None) -> None:
        """A refusal of the service as an error of the form."""
        self.add_error(field if field in self.fields else None, translate(error))


def read_partial(text: str) -> str:
    """A partial date as stored; a ValidationError that says how to write it."""
    try:
        return parse_partial_date(text, where=_("Date"))
    except BogetError as error:
        raise forms.ValidationError(translate(error)) from error


class TextArea(forms.CharField):
    """A long text."""

    def __init__(self, **kwargs: Any) -> None:
        rows = kwargs.pop("rows", 3)
        kwargs.setdefault("max_length", LONG)
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class PlanItemForm(VersionedForm):
    """A row of the plan: text, due date, bodies."""

    text_ru = TextArea(label=_("Item in Russian"), required=False)
    text_kk = TextArea(label=_("Item in Kazakh"), required=False)
    text_en = TextArea(label=_("Item in English"), required=False)
    due = forms.CharField(label=pgettext_lazy("date", "Due"), max_length=60, help_text=DATE_HINT)
    responsible = forms.MultipleChoiceField(
        label=pgettext_lazy("work plan", "Responsible"), widget=forms.CheckboxSelectMultiple
    )
    support = forms.MultipleChoiceField(label=_("Support"), widget=forms.CheckboxSelectMultiple, required=False)
    reason = TextArea(label=_("Reason of the change"), max_length=500, rows=2, required=False)

    def __init__(self, *args: Any, plan: WorkPlan, item: PlanItem | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan, self.item = plan, item
        self.bodies = list_choices(plan)
        choices = group_choices(self.bodies.values(), choose_paper_day(plan, today()))
        for name in ("responsible", "support"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        if item is None:
            del self.fields["reason"]
        if item is not None and plan.state != PlanState.DRAFT:
            del self.fields["due"]  # an agreed date is postponed on a page of its own

    def clean_due(self) -> str:
        return read_partial(self.cleaned_data["due"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not any(cleaned.get(f"text_{code}") for code in ("ru", "kk", "en")):
            self.add_error("text_ru", _("Write the item in at least one language."))
        return cleaned

    def build(self) -> NewItem:
        data = self.cleaned_data
        bodies = {name: [self.bodies[code] for code in data[name]] for name in ("responsible", "support")}
        return NewItem(data["text_ru"], data["text_kk"], data["text_en"], data.get("due", ""), **bodies)

    @staticmethod
    def read_initial(item: PlanItem, plan: WorkPlan) -> dict[str, Any]:
        """The item as the form shows it."""
        bodies: dict[str, list[str]] = {role: [] for role in ItemPartyRole.values}
        for party in item.parties.select_related("organisation"):
            bodies[party.role].append(party.organisation.code)
        texts = {f"text_{code}": getattr(item, f"text_{code}") for code in ("ru", "kk", "en")}
        return {**texts, **bodies, "due": format_partial_date(item.due), "version": item.version}


def list_choices(plan: WorkPlan) -> dict[str, Organisation]:
    """Bodies under the name they have on the day of the plan's paper, by code."""
    day = choose_paper_day(plan, today())
    found = {row.code: row for row in Organisation.objects.on(day)}  # type: ignore[attr-defined]
    used = Organisation.objects.filter(plan_parts__item__plan=plan).distinct()
    return found | {row.code: row for row in used}


def group_choices(bodies: Any, day: dt.date) -> list[tuple[str, list[tuple[str, str]]]]:
    """Choices by kind of body, authorities first."""
    language = (get_language() or "ru")[:2]
    groups = []
    for kind, label in OrganisationKind.choices:
        rows = [(row.code, row.name_in(language)) for row in bodies if row.kind == kind]
        if rows:
            groups.append((str(label), sorted(rows, key=lambda row: row[1])))
    return groups


class ReportForm(VersionedForm):
    """What was done on an item, what came of it, what is next."""

    done = TextArea(label=_("Done so far"), required=False)
    result = TextArea(label=_("Result"), required=False, help_text=_("Needed when the item is done."))
    evidence = TextArea(
        label=_("Evidence"), required=False, rows=2, help_text=_("Number and date of a letter, an address, a document.")
    )
    next_step = TextArea(label=_("Next step"), required=False, rows=2)
    next_due = forms.CharField(label=_("Due of the next step"), max_length=60, required=False, help_text=DATE_HINT)
    state = forms.ChoiceField(
        label=_("Status"),
        widget=forms.RadioSelect,
        choices=[(s.value, s.label) for s in (ItemState.IN_PROGRESS, ItemState.DONE)],
        initial=ItemState.IN_PROGRESS,
    )
    done_on = forms.DateField(label=_("Done on"), required=False, help_text=_("Only when the item is done. Empty: today."))

    def clean_next_due(self) -> str:
        return read_partial(self.cleaned_data["next_due"]) if self.cleaned_data["next_due"] else ""

    def clean_done_on(self) -> dt.date | None:
        day = self.cleaned_data["done_on"]
        if day and day > today():
            raise forms.ValidationError(_("The day is in the future. Write today or an earlier day."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not any(cleaned.get(name) for name in ("done", "result", "evidence", "next_step")):
            self.add_error("done", _("Nothing is said. Write what was done, what came of it or what is next."))
        elif cleaned.get("state") == ItemState.DONE and not cleaned.get("result"):
            self.add_error("result", _("The item is reported as done without a result. Write what came of it."))
        return cleaned

    def build(self, language: str) -> ItemReport:
        data = self.cleaned_data
        said = {name: data[name] for name in ("done", "result", "evidence", "next_step", "next_due", "state", "done_on")}
        return ItemReport(**said, language=language)


class ReasonForm(VersionedForm):
    """A step that needs nothing but a reason."""

    reason = TextArea(label=_("Reason"), max_length=500, rows=2)


class PostponeForm(ReasonForm):
    due = forms.CharField(label=_("New date"), max_length=60, help_text=DATE_HINT)
    field_order = ["due", "reason"]

    def clean_due(self) -> str:
        return read_partial(self.cleaned_data["due"])


class CarryForm(ReasonForm):
    year = forms.IntegerField(label=_("Year of the plan"), min_value=2000, max_value=2099)
    due = forms.CharField(label=_("Due in that year"), max_length=60, help_text=DATE_HINT)
    field_order = ["year", "due", "reason"]

    def clean_due(self) -> str:
        return read_partial(self.cleaned_data["due"])


class ApproveForm(VersionedForm):
    approved_on = forms.DateField(label=_("Day of approval"), required=False, help_text=_("Empty where it is not known."))
    decision = forms.CharField(
        label=_("Decision"),
        max_length=60,
        required=False,
        help_text=_("Number of the decision, such as 4.2: decision 2 of meeting 4."),
    )


class NewPlanForm(forms.Form):
    """The plan of another year; open items of the last plan can go on in it."""

    year = forms.IntegerField(label=_("Year of the plan"), min_value=2000, max_value=2099)
    carried = forms.MultipleChoiceField(
        label=_("Items that go on in it"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_(
            "They keep their first date and their reports. "
            "Dates are set in the new plan; until then the end of the year holds."
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, items: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["carried"].choices = items  # type: ignore[attr-defined]
        if not items:
            del self.fields["carried"]


class DeliverableForm(VersionedForm):
    """What an item has produced: an object of the system, or something named in words."""

    object = forms.ChoiceField(label=_("What it is"))
    label = forms.CharField(
        label=_("Name"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"size": 50}),
        help_text=_("Needed for what is not an object of the system; else a name to print in place of its own."),
    )

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["object"].choices = choices  # type: ignore[attr-defined]


class ImportForm(VersionedForm):
    file = forms.FileField(label=_("File"), widget=forms.FileInput(attrs={"accept": ".xlsx"}))
