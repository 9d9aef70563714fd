"""The progress report of 200 plan items and 2 000 actions over the embedded register: seconds for each format, aim 5 s in all.

Seconds of the clock and of the processor: the second do not grow when the machine is busy with something else.

    bench/report.py [--items 200] [--actions 2000]
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import subprocess
import sys
import tempfile
from time import perf_counter, process_time
from typing import Any

AIM_S = 5.0
SEED = 20261122
SINCE, UNTIL, TODAY = dt.date(2022, 1, 1), dt.date(2022, 12, 31), dt.date(2026, 11, 22)
WORDS = "Направить акиматам запросы сведений о бесхозяйных объектах размещения отходов и сверить перечень с кадастром"


def fill(items: int, actions: int) -> None:
    """Rows straight into the tables: what is measured is the reading."""
    from boget.portal.accounts.models import Organisation
    from boget.portal.actions.models import Action, ActionParty, ActionReport, ActionState
    from boget.portal.core.partial_dates import end_of
    from boget.portal.meetings.models import ItemParty, PlanItem, PlanReport, WorkPlan

    draw = random.Random(SEED)
    plan, bodies = WorkPlan.objects.get(year=2022), list(Organisation.objects.filter(code__in=("mes", "megnr")))
    now = dt.datetime(2022, 9, 1, 12, tzinfo=dt.UTC)
    dates = {"due": "2022-09", "due_end": end_of("2022-09"), "first_due": "2022-09", "updated_at": now}
    rows = [PlanItem(plan=plan, number=100 + n, text_ru=WORDS, **dates) for n in range(items - plan.items.count())]
    PlanItem.objects.bulk_create(rows)
    ItemParty.objects.bulk_create(ItemParty(item=row, organisation=bodies[0], role="responsible") for row in rows)
    told = {"done": WORDS, "result": WORDS, "next_step": WORDS, "state_after": "in_progress"}
    PlanReport.objects.bulk_create(PlanReport(item=row, at=now, **told) for row in rows[::2])
    made = [_make_action(n, draw, now) for n in range(actions)]
    Action.objects.bulk_create(made)
    ActionParty.objects.bulk_create(ActionParty(action=row, organisation=draw.choice(bodies), role="lead") for row in made)
    later = dt.datetime(2023, 2, 1, tzinfo=dt.UTC)
    reports = [ActionReport(action=row, kind="progress", at=draw.choice((now, later)), state_after=row.state) for row in made]
    ActionReport.objects.bulk_create(reports)
    assert {row.state for row in made} <= set(ActionState.values)


def _make_action(number: int, draw: random.Random, now: dt.datetime) -> Any:
    from boget.portal.actions.models import Action
    from boget.portal.core.partial_dates import end_of

    due = draw.choice(("2022-06", "2022-Q3", "2022-12", "2023"))
    state = draw.choice(("proposed", "approved", "in_progress", "done", "verified", "cancelled"))
    dates = {"due": due, "due_end": end_of(due), "first_due": due, "created_at": now, "updated_at": now}
    return Action(public_id=f"A-{number:05d}", title=WORDS, state=state, **dates)


def measure() -> dict[str, tuple[float, float]]:
    """Seconds (clock, processor) of the context and of each format, everything loaded beforehand by a first round."""
    from boget.portal.reports.progress.build import build_context
    from boget.portal.reports.progress.services import FORMS, write_form

    times: dict[str, tuple[float, float]] = {}
    for _round in range(2):
        start = perf_counter(), process_time()
        context = build_context(None, since=SINCE, until=UNTIL, year=2022, language="ru", day=TODAY)
        times["context"] = perf_counter() - start[0], process_time() - start[1]
        for form in FORMS:
            start = perf_counter(), process_time()
            write_form(context, form)
            times[form] = perf_counter() - start[0], process_time() - start[1]
    return times


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=200)
    parser.add_argument("--actions", type=int, default=2000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="boget-bench-") as folder:
        environment = {**os.environ, "BOGET_VAR": folder, "DJANGO_SETTINGS_MODULE": "boget.portal.settings"}
        subprocess.run([sys.executable, "-m", "boget.cli", "load"], env=environment, check=True, stdout=subprocess.DEVNULL)
        os.environ.update(environment)
        import django

        django.setup()
        fill(options.items, options.actions)
        times = measure()
    for name, (clock, processor) in times.items():
        print(f"{name:10} {clock:6.2f} s  processor {processor:6.2f} s")
    slowest = times["context"][1] + max(processor for name, (_clock, processor) in times.items() if name != "context")
    verdict = "met" if slowest <= AIM_S else "MISSED"
    print(f"slowest report, context included, processor: {slowest:.2f} s, aim {AIM_S:g} s: {verdict}")
    return 0 if slowest <= AIM_S else 1


if __name__ == "__main__":
    sys.exit(main())
