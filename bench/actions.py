"""The action plan with 20 000 invented actions: time and queries of its list and files beside their aims.

Runs on a throw-away SQLite file. ``python bench/actions.py [--count N]``
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

AIMS = {"list_p95_ms": 150, "search_p95_ms": 150, "own_list_p95_ms": 150, "by_body_p95_ms": 300, "queries_list": 26}
REQUESTS = 60
SEED = 20261122
BODIES = 60
WORDS = ("хвостохранилище", "Ертис", "учение", "оповещение", "дамба", "акимат", "проверка", "Өскемен", "мониторинг", "отчёт")
AREAS = ("законодательство", "выявление опасных видов деятельности", "предотвращение", "готовность", "реагирование")
STATES = ("proposed", "agreed", "approved", "in_progress", "done", "verified", "returned", "cancelled")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000, help="actions to invent")
    count = parser.parse_args().count
    with tempfile.TemporaryDirectory(prefix="boget-bench-") as folder:
        (Path(folder) / "static").mkdir()
        os.environ |= {"BOGET_VAR": folder, "DJANGO_SETTINGS_MODULE": "boget.portal.settings"}
        for name in ("DATABASE_URL", "BOGET_HTTPS", "BOGET_REQUIRE_TWO_FACTOR"):
            os.environ.pop(name, None)
        figures = measure(count)
    for name, value in figures.items():
        aim = AIMS.get(name)
        print(f"{name:28} {value:>10}" + ("" if aim is None else f" ≤ {aim:<6} {'met' if value <= aim else 'MISSED'}"))


def measure(count: int) -> dict[str, Any]:
    import django

    django.setup()
    from django.core.management import call_command
    from django.test.utils import override_settings

    call_command("migrate", verbosity=0)
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    storages = {"default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}, "staticfiles": plain}
    with override_settings(STORAGES=storages, LANGUAGE_CODE="ru"):
        bodies = invent_actions(count)
        return {"actions": count, **time_pages(bodies)}


def invent_actions(count: int) -> list[Any]:
    """Actions, bodies and origins written past the services: a measurement needs rows, not their story."""
    from django.utils import timezone

    from boget.portal.accounts.models import Organisation
    from boget.portal.actions.models import Action, ActionOrigin, ActionParty
    from boget.portal.actions.services.parts import fill_derived

    dice, now = random.Random(SEED), timezone.now()
    Organisation.objects.bulk_create(Organisation(code=f"b{n}", kind="authority", name_ru=f"Орган {n}") for n in range(BODIES))
    bodies = list(Organisation.objects.filter(code__startswith="b").order_by("pk"))
    rows = [invent_action(dice, number, now) for number in range(1, count + 1)]
    for row in rows:
        fill_derived(row, ())
    Action.objects.bulk_create(rows, batch_size=500)
    rows = list(Action.objects.order_by("pk"))
    ActionParty.objects.bulk_create(
        (ActionParty(action=row, organisation=dice.choice(bodies), role="lead", position=0) for row in rows), batch_size=2000
    )
    ActionOrigin.objects.bulk_create(
        (ActionOrigin(action=row, kind="decision", ref=f"{n % 40}.{n % 7}") for n, row in enumerate(rows)), batch_size=2000
    )
    return bodies


def invent_action(dice: random.Random, number: int, now: dt.datetime) -> Any:
    from boget.portal.actions.models import Action

    day = dt.date(2026, 11, 22) + dt.timedelta(days=dice.randint(-900, 900))
    return Action(
        public_id=f"A-{number:04d}", level=dice.choice((0, 1, 1, 1, 2)),
        title=f"{' '.join(dice.choices(WORDS, k=12))} {number}",
        objective=" ".join(dice.choices(WORDS, k=40)), expected_result=" ".join(dice.choices(WORDS, k=40)),
        working_area=dice.choice(AREAS), due=day.isoformat() if dice.random() < 0.9 else "", first_due=day.isoformat(),
        cost_kzt=dice.randint(0, 10**9) if dice.random() < 0.6 else None,
        funding=dice.choice(("not_stated", "unfunded", "state_budget", "donor")), state=dice.choice(STATES),
        indicator="число объектов" if dice.random() < 0.7 else "", created_at=now, updated_at=now,
    )  # fmt: skip


def time_pages(bodies: list[Any]) -> dict[str, Any]:
    secretary, editor = sign_in("secretary", bodies[0]), sign_in("operator", bodies[1])
    dice = random.Random(SEED)
    lists = list(list_addresses(dice))
    searches = [f"/actions/?q={word}" for word in (*WORDS, "оскемен", "нет такого", "A-0042")]
    for client in (secretary, editor):  # the first request of a process loads templates and catalogues
        client.get("/actions/")
    figures: dict[str, Any] = {}
    runs = (
        ("list", secretary, lists), ("search", secretary, searches * 4), ("own_list", editor, lists),
        ("by_body", secretary, ["/actions/?by=body"] * 20),
    )  # fmt: skip
    for name, client, addresses in runs:
        times, worked, queries = time_addresses(client, addresses)
        figures |= {f"{name}_p95_ms": find_p95(times), f"{name}_median_ms": find_p95(times, share=50)}
        figures |= {f"{name}_processor_p95_ms": find_p95(worked), f"queries_{name}": queries}
    for suffix in ("csv", "xlsx"):
        begun = perf_counter()
        list(secretary.get(f"/actions/?f={suffix}"))
        figures[f"{suffix}_s"] = round(perf_counter() - begun, 1)
    return figures


def sign_in(role: str, body: Any) -> Any:
    from django.test import Client

    from boget.portal.accounts.selectors import today
    from boget.portal.accounts.services import SYSTEM, add_membership, create_user

    user = create_user(email=f"{role}@localhost.test", name=role, by=SYSTEM)
    add_membership(user, body, role=role, valid_from=today(), by=SYSTEM)
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def list_addresses(dice: random.Random) -> Iterator[str]:
    """Queries of many kinds: every order, view and main filter, far pages too."""
    sorts = [sign + name for name in ("due", "number", "title", "money", "reported") for sign in ("", "-")]
    flags = ("", "late=1", "mine=1", "unfunded=1", "no_indicator=1")
    filters = (*flags, "state=approved", "responsible=b3", "origin=decision", "page=200")
    for number in range(REQUESTS):
        yield f"/actions/?sort={sorts[number % len(sorts)]}&{filters[number % len(filters)]}"


def time_addresses(client: Any, addresses: list[str]) -> tuple[list[float], list[float], int]:
    """Wall-clock times and those of the processor in ms, and the most queries of one request."""
    from django.db import connection

    times: list[float] = []
    worked: list[float] = []
    most = 0
    for address in addresses:
        seen: list[str] = []

        def note(execute: Any, sql: str, parameters: Any, many: bool, context: Any, seen: list[str] = seen) -> Any:
            seen.append(sql)
            return execute(sql, parameters, many, context)

        with connection.execute_wrapper(note):
            begun, worked_before = perf_counter(), process_time()
            answer = client.get(address)
            times.append(1000 * (perf_counter() - begun))
            worked.append(1000 * (process_time() - worked_before))
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status_code}")
        most = max(most, len(seen))
    return times, worked, most


def find_p95(times: list[float], *, share: int = 95) -> float:
    return round(sorted(times)[-(-len(times) * share // 100) - 1], 1)


if __name__ == "__main__":
    main()
