"""New facilities and structures: ids given out once, first values written with their sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache

from django.db import transaction

from boget.portal.accounts.models import Organisation
from boget.portal.core.bulk import insert_rows, postpone_collection
from boget.portal.core.errors import refuse
from boget.portal.core.models import RevisionKind
from boget.portal.core.services import Actor, Entry, append_revisions
from boget.portal.core.signals import record_changed
from boget.portal.registry.checks import check_claim, check_together
from boget.portal.registry.choices import Disclosure
from boget.portal.registry.models import Dam, Facility, IdCounter, Impoundment, Record
from boget.portal.registry.services.repeats import find_repeated
from boget.portal.registry.services.summary import FIELDS, fill_columns, refresh_totals, sum_up
from boget.portal.registry.values import Claim, Value

RESERVED = range(900, 1000)  # KZ-0900…KZ-0999: examples and exercises
BATCH = 1000

Claims = Mapping[str, Claim]


@dataclass(frozen=True, slots=True)
class NewFacility:
    """What is known at registration: claims per field of the facility, of its impoundments and of its dams."""

    country: str
    claims: Claims
    impoundments: Sequence[Claims] = ()
    dams: Sequence[Claims] = ()
    public_id: str = ""
    operator_organisation_id: int | None = None
    disclosure: str = Disclosure.PUBLISHED


@dataclass(slots=True)
class _Batch:
    facilities: list[Facility] = field(default_factory=list)
    impoundments: list[Impoundment] = field(default_factory=list)
    dams: list[Dam] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    operators: dict[int | None, str] = field(default_factory=dict)  # primary key -> code


@postpone_collection()
@transaction.atomic
def register_facilities(new: Iterable[NewFacility], *, actor: Actor, source: str, reason: str) -> list[Facility]:
    """Register facilities, all or none. One revision for each record.

    One facility that was registered a moment ago, word for word, is given back and not registered again.
    InvalidInput for an impossible value, an id in use or a missing source.
    """
    if not source.strip():
        raise refuse("source_missing")
    new, moment, batch = list(new), datetime.now(UTC), _Batch()
    counters = {c: IdCounter.objects.select_for_update().get_or_create(country=c)[0] for c in {n.country for n in new}}
    repeated = _find_repeated(new, actor=actor, source=source, reason=reason)
    if repeated is not None:
        return [repeated]
    ids = _allocate_ids(new, counters)
    owners = {item.operator_organisation_id for item in new if item.operator_organisation_id is not None}
    batch.operators.update(Organisation.objects.filter(pk__in=owners).values_list("pk", "code"))
    for item, public_id in zip(new, ids, strict=True):
        _build_facility(item, public_id, batch=batch, actor=actor, moment=moment, source=source, reason=reason)
    _insert(batch)
    append_revisions(batch.entries, actor=actor, at=moment)
    record_changed.send(Facility, facility_ids=[facility.pk for facility in batch.facilities])
    return batch.facilities


def _insert(batch: _Batch) -> None:
    """The records into their tables; the facilities, and only they, are given their primary keys."""
    insert_rows(batch.facilities)
    ids = [facility.public_id for facility in batch.facilities]
    keys: dict[str, int] = {}
    for start in range(0, len(ids), BATCH):
        keys |= Facility.objects.filter(public_id__in=ids[start : start + BATCH]).values_list("public_id", "pk")
    for facility in batch.facilities:
        facility.pk, facility._state.adding = keys[facility.public_id], False
    structures: list[Impoundment | Dam] = [*batch.impoundments, *batch.dams]
    for structure in structures:
        structure.facility_id = structure.facility.pk
    insert_rows(batch.impoundments)
    insert_rows(batch.dams)


def _find_repeated(new: Sequence[NewFacility], *, actor: Actor, source: str, reason: str) -> Facility | None:
    """The facility that the same form has made already. Imports, with ids or structures, are told apart by those."""
    if len(new) != 1 or new[0].public_id or new[0].impoundments or new[0].dams:
        return None
    found = find_repeated("facility", new[0].claims, actor=actor, source=source, reason=reason)
    same = Facility.objects.filter(public_id=found, country=new[0].country, disclosure=new[0].disclosure) if found else None
    return same.first() if same is not None else None


def _allocate_ids(new: Sequence[NewFacility], counters: Mapping[str, IdCounter]) -> list[str]:
    """Ids as given, else the next free number of the country. A number is never given twice."""
    ids = [item.public_id or _next_id(counters[item.country]) for item in new]
    taken = Facility.objects.filter(public_id__in=[i.public_id for i in new if i.public_id]).first()
    repeated = next((public_id for public_id in ids if ids.count(public_id) > 1), None) if len(ids) < 500 else None
    if taken or repeated:
        raise refuse("duplicate", where="id", value=taken.public_id if taken else repeated)
    for counter in counters.values():
        given = [int(i.rsplit("-", 1)[1]) for i in ids if i.startswith(f"{counter.country}-")]
        counter.last = max([counter.last, *(n for n in given if n not in RESERVED)])
        counter.save()
    return ids


def _next_id(counter: IdCounter) -> str:
    counter.last += 1
    if counter.last in RESERVED:
        counter.last = RESERVED.stop
    return f"{counter.country}-{counter.last:04d}"


def _build_facility(
    item: NewFacility, public_id: str, *, batch: _Batch, actor: Actor, moment: datetime, source: str, reason: str
) -> None:
    facility = Facility(
        public_id=public_id,
        country=item.country,
        disclosure=item.disclosure,
        operator_organisation_id=item.operator_organisation_id,
        updated_at=moment,
    )
    impoundments = [Impoundment(facility=facility, updated_at=moment) for _claims in item.impoundments]
    dams = [Dam(facility=facility, updated_at=moment) for _claims in item.dams]
    for number, structure in enumerate([*impoundments, *dams], start=1):
        structure.public_id = f"{public_id}-S{number:02d}"
    pairs: list[tuple[Record, Claims]] = [
        (facility, item.claims),
        *zip(impoundments, item.impoundments, strict=True),
        *zip(dams, item.dams, strict=True),
    ]
    for record, claims in pairs:
        write_first_values(record, claims, actor=actor, moment=moment, source=source)
        facts = _list_facts(item, batch) if record is facility else {}
        batch.entries.append(_describe_creation(record, root_id=public_id, source=source, reason=reason, facts=facts))
    sum_up(facility, impoundments, dams)
    batch.facilities.append(facility)
    batch.impoundments += impoundments
    batch.dams += dams


def write_first_values(record: Record, claims: Claims, *, actor: Actor, moment: datetime, source: str) -> None:
    """Check the claims and put them into a new record, unsaved."""
    fields = FIELDS[record.record_type]
    for code, claim in claims.items():
        if code not in fields:
            raise refuse("unknown_field", value=code, allowed=", ".join(fields))
        checked = check_claim(fields[code], claim)
        record.values[code] = Value(stamp(checked, actor=actor, moment=moment, source=source)).to_stored()
    check_together({code: claim.value for code, claim in claims.items()})
    fill_columns(record)


def stamp(claim: Claim, *, actor: Actor, moment: datetime, source: str) -> Claim:
    """The claim with who entered it, when, and the source of the whole change where it names none itself."""
    return claim.sign(source=source, by=actor.code, organisation=actor.organisation, at=_write_moment(moment))


@lru_cache(maxsize=16)
def _write_moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _list_facts(item: NewFacility, batch: _Batch) -> dict[str, str]:
    """What decides who may read the facility: in the log too, so that nobody changes it unseen."""
    operator = batch.operators.get(item.operator_organisation_id)
    return {"disclosure": str(item.disclosure)} | ({"operator_organisation": operator} if operator else {})


def _describe_creation(record: Record, *, root_id: str, source: str, reason: str, facts: Mapping[str, str]) -> Entry:
    changes = {code: (None, told) for code, told in {**facts, **record.values}.items()}
    return Entry(record.record_type, record.public_id, RevisionKind.CREATE, changes, root_id, source, reason)


@transaction.atomic
def add_structure(facility: Facility, record_type: str, claims: Claims, *, actor: Actor, source: str, reason: str) -> Record:
    """A further impoundment or dam of a facility; one that was added a moment ago, word for word, is given back."""
    if not source.strip():
        raise refuse("source_missing")
    facility = Facility.objects.select_for_update().get(pk=facility.pk)
    moment = datetime.now(UTC)
    used = [
        int(public_id.rsplit("-S", 1)[1])
        for model in (Impoundment, Dam)
        for public_id in model.objects.filter(facility=facility).values_list("public_id", flat=True)
    ]
    models: dict[str, type[Impoundment] | type[Dam]] = {"impoundment": Impoundment, "dam": Dam}
    repeated = find_repeated(record_type, claims, actor=actor, source=source, reason=reason, root_id=facility.public_id)
    if repeated is not None:
        return models[record_type].objects.get(public_id=repeated)
    structure = models[record_type](
        facility=facility, updated_at=moment, public_id=f"{facility.public_id}-S{max(used, default=0) + 1:02d}"
    )
    write_first_values(structure, claims, actor=actor, moment=moment, source=source)
    structure.save()
    append_revisions(
        [_describe_creation(structure, root_id=facility.public_id, source=source, reason=reason, facts={})],
        actor=actor,
        at=moment,
    )
    refresh_totals(facility)
    record_changed.send(Facility, facility_ids=[facility.pk])
    return structure
