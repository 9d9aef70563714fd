"""Organisations with dates and successors, people, and who speaks for whom from when to when."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

LANGUAGES = ("ru", "kk", "en")
LANGUAGE_NAMES = [("ru", "русский"), ("kk", "қазақша"), ("en", "English")]  # each in its own language, never translated

TIME_ZONES = [
    ("Asia/Almaty", _("Astana, Almaty (UTC+5)")),
    ("Asia/Bishkek", _("Bishkek (UTC+6)")),
    ("Asia/Tashkent", _("Tashkent (UTC+5)")),
    ("Asia/Dushanbe", _("Dushanbe (UTC+5)")),
    ("Asia/Omsk", _("Omsk (UTC+6)")),
    ("Europe/Moscow", _("Moscow (UTC+3)")),
    ("Asia/Shanghai", _("Beijing, Urumqi (UTC+8)")),
    ("Europe/Zurich", _("Geneva (UTC+1, in summer UTC+2)")),
    ("UTC", _("Universal time (UTC)")),
]


class OrganisationKind(models.TextChoices):
    """What sort of body an organisation is."""

    AUTHORITY = "authority", _("public authority")
    OPERATOR = "operator", _("operator (company)")
    INTERNATIONAL = "international", _("international organisation")
    NGO = "ngo", _("non-governmental organisation")
    ACADEMIA = "academia", _("science and education")
    OTHER = "other", _("other")


class Role(models.TextChoices):
    """What a person may do for an organisation. The public has no account and no role."""

    SECRETARY = "secretary", pgettext_lazy("role", "secretary of the Working Group")
    EDITOR = "editor", pgettext_lazy("role", "ministry editor")
    INSPECTOR = "inspector", pgettext_lazy("role", "inspector")
    OPERATOR = "operator", pgettext_lazy("role", "operator")
    EXPERT = "expert", pgettext_lazy("role", "expert")
    OBSERVER = "observer", pgettext_lazy("role", "observer")


class Theme(models.TextChoices):
    """Colours of the pages."""

    SYSTEM = "system", pgettext_lazy("colours", "as on this device")
    LIGHT = "light", pgettext_lazy("colours", "light")
    DARK = "dark", pgettext_lazy("colours", "dark")


class Density(models.TextChoices):
    """Height of the rows of a table."""

    AUTO = "auto", pgettext_lazy("rows", "by the pointing device")
    COMFORTABLE = "comfortable", pgettext_lazy("rows", "comfortable")
    COMPACT = "compact", pgettext_lazy("rows", "compact")


class DatedQuerySet(models.QuerySet):
    """Rows that hold from one day to another, both days included; an empty end is open."""

    def on(self, day: dt.date) -> DatedQuerySet:
        """The rows that hold on `day`."""
        return self.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gte=day))


class Organisation(models.Model):
    """A body under one name. A renamed body is a new row, and the old row points to it as its successor."""

    code = models.CharField(
        _("Code"), max_length=40, validators=[RegexValidator(r"^(?!new\Z)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\Z")]
    )
    kind = models.CharField(_("Kind"), max_length=16, choices=OrganisationKind.choices)
    name_ru = models.CharField(_("Full name in Russian"), max_length=300)
    name_kk = models.CharField(_("Full name in Kazakh"), max_length=300, blank=True, default="")
    name_en = models.CharField(_("Full name in English"), max_length=300, blank=True, default="")
    short_ru = models.CharField(_("Short name in Russian"), max_length=60, blank=True, default="")
    short_kk = models.CharField(_("Short name in Kazakh"), max_length=60, blank=True, default="")
    short_en = models.CharField(_("Short name in English"), max_length=60, blank=True, default="")
    valid_from = models.DateField(_("First day"), null=True, blank=True)
    valid_to = models.DateField(_("Last day"), null=True, blank=True)
    successor = models.ForeignKey(
        "self", verbose_name=_("Successor"), null=True, blank=True, on_delete=models.PROTECT, related_name="predecessors"
    )
    has_provisional_dates = models.BooleanField(_("Dates are provisional"), default=False)
    note = models.CharField(_("Note"), max_length=300, blank=True, default="")

    is_lineage_kept: bool = False  # of an object that lives no longer than a request
    _kept_lineage: frozenset[int] | None = None

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["code"]
        verbose_name = _("Organisation")
        verbose_name_plural = _("Organisations")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code"], name="organisation_code_unique"),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="organisation_dates_in_order",
            ),
            models.CheckConstraint(condition=~Q(successor=F("id")), name="organisation_not_its_own_successor"),
        ]

    def __str__(self) -> str:
        return self.short_in(get_language() or "ru")

    def name_in(self, language: str) -> str:
        """Full name in `language`, else in the first of ru, en, kk that is filled."""
        return self._first_filled("name", language)

    def short_in(self, language: str) -> str:
        """Short name in `language`, else in another language, else the full name."""
        return self._first_filled("short", language) or self.name_in(language)

    def _first_filled(self, field: str, language: str) -> str:
        names = (getattr(self, f"{field}_{code}", "") for code in (language, "ru", "en", "kk"))
        return next((name for name in names if name), "")

    def is_valid_on(self, day: dt.date) -> bool:
        """Whether the body had this name on `day`, first and last day included."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    def on_date(self, day: dt.date) -> Organisation:
        """The row of this body's chain that held on `day`: itself, a predecessor or a successor.

        A day before the whole chain gives its oldest row, a day after its end the newest. Where several
        predecessors were merged, the oldest of those that held on the day is taken.
        """
        if self.valid_to is not None and day > self.valid_to:
            return next((row for row in self._later() if row.is_valid_on(day)), (self._later() or [self])[-1])
        if self.is_valid_on(day):
            return self
        earlier = sorted(self._earlier(), key=lambda row: (row.valid_from or dt.date.min, row.code))
        return next((row for row in earlier if row.is_valid_on(day)), (earlier or [self])[0])

    def name_on(self, day: dt.date, language: str, *, is_short: bool = False) -> str:
        """The name a paper of `day` prints for this body."""
        row = self.on_date(day)
        return row.short_in(language) if is_short else row.name_in(language)

    def lineage(self) -> frozenset[int]:
        """Ids of this row, of all its predecessors and of all its successors."""
        if not self.is_lineage_kept:
            return frozenset({self.pk, *(row.pk for row in self._later()), *(row.pk for row in self._earlier())})
        if self._kept_lineage is None:
            self._kept_lineage = self._read_lineage()
        return self._kept_lineage

    def _read_lineage(self) -> frozenset[int]:
        """The same in one query: the table of bodies is short."""
        successors = dict(Organisation.objects.exclude(successor=None).values_list("pk", "successor_id"))
        found, row = {self.pk}, successors.get(self.pk)
        while row is not None and row not in found:
            found.add(row)
            row = successors.get(row)
        earlier, generation = {self.pk}, {self.pk}
        while generation:
            generation = {pk for pk, later in successors.items() if later in generation} - earlier
            earlier |= generation
        return frozenset(found | earlier)

    def current(self) -> Organisation:
        """The last row of the chain of successors: what the body is called now."""
        return (self._later() or [self])[-1]

    def is_over_on(self, day: dt.date) -> bool:
        """Whether the body had ended before `day` and no successor goes on with it."""
        last = self.current().valid_to
        return last is not None and last < day

    def _later(self) -> list[Organisation]:
        """Successors, nearest first."""
        rows: list[Organisation] = []
        row = self.successor
        while row is not None and row.pk != self.pk and row not in rows:
            rows.append(row)
            row = row.successor
        return rows

    def _earlier(self) -> list[Organisation]:
        """Predecessors of all generations, nearest first; one query a generation."""
        rows: list[Organisation] = []
        generation = [self.pk]
        while generation:
            found = Organisation.objects.filter(successor_id__in=generation).order_by("code")
            fresh = [row for row in found if row.pk != self.pk and row not in rows]
            rows.extend(fresh)
            generation = [row.pk for row in fresh]
        return rows


class People(BaseUserManager["User"]):
    """Finds people by e-mail without regard to case; creating them is the business of accounts.services."""

    def get_by_natural_key(self, username: str | None) -> User:
        """The person with this e-mail. Raises User.DoesNotExist."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person. The e-mail address is the login and is kept in lower case."""

    email = models.EmailField(_("Email"), max_length=254, unique=True)
    name = models.CharField(pgettext_lazy("person", "Name"), max_length=150)
    language = models.CharField(_("Language"), max_length=2, choices=LANGUAGE_NAMES, default="ru")
    theme = models.CharField(_("Colours"), max_length=8, choices=Theme.choices, default=Theme.SYSTEM)
    density = models.CharField(_("Height of table rows"), max_length=16, choices=Density.choices, default=Density.AUTO)
    time_zone = models.CharField(_("Time zone"), max_length=40, choices=TIME_ZONES, default="Asia/Almaty")
    is_active = models.BooleanField(_("May sign in"), default=True)
    is_staff = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    objects = People()

    class Meta:
        ordering: ClassVar = ["name", "id"]
        verbose_name = _("Person")
        verbose_name_plural = _("People")
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="user_email_unique_any_case")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.email = self.email.lower()
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def code(self) -> str:
        """Public id of the person in the revision log, such as P-0007: no personal data in it."""
        return f"P-{self.pk:04d}"

    def get_full_name(self) -> str:
        """Name, as Django's own templates ask for it."""
        return self.name

    def get_short_name(self) -> str:
        """Name, as Django's own templates ask for it."""
        return self.name


class Membership(models.Model):
    """A person acts for an organisation in a role from one day to another, both days included."""

    user = models.ForeignKey(User, verbose_name=_("Person"), on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("Organisation"), on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(_("Role"), max_length=16, choices=Role.choices)
    valid_from = models.DateField(_("First day"))
    valid_to = models.DateField(_("Last day"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-valid_from", "id"]
        verbose_name = _("Role")
        verbose_name_plural = _("Roles")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="membership_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation} · {self.get_role_display()}"

    def is_valid_on(self, day: dt.date) -> bool:
        """Whether the role holds on `day`."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
