"""How fast the register answers with 20 000 invented facilities: list, search, map, import, queries.

The measurement runs in a process of its own on a throw-away SQLite file, so it can be started beside a working register.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

AIMS = {  # figure -> (aim, whether more is better)
    "list_p95_ms": (100, False),
    "bbox_geojson_1000_p95_ms": (100, False),
    "search_p95_ms": (100, False),
    "import_rows_per_s": (1000, True),
    "queries_list": (10, False),
}
REQUESTS = 60
WRITES = 20  # requests of the list with a write before each
BATCH = 2000
ROWS_PER_FACILITY = 3  # rows of an import table: the facility, its impoundment, its dam; 21 values in all, scored at once
SEED = 20261122
BOX_FEATURES = 1000

BASINS = ("yertis", "yesil", "tobyl_torgai", "zhaiyk_caspian", "nura_sarysu", "balkhash_alakol", "shu_talas", "aral_syrdarya")
REGIONS = ("KZ-10", "KZ-11", "KZ-35", "KZ-39", "KZ-55", "KZ-61", "KZ-62", "KZ-63")
STATUSES = ("active", "inactive", "closed", "abandoned", "planned", "reprocessing")
PLACES = ("Өскемен", "Қарағанды", "Жезқазған", "Балқаш", "Риддер", "Степногорск", "Ақсу", "Екібастұз", "Хромтау", "Қошқар-Ата")
KINDS = ("хвостохранилище", "шламонакопитель", "золоотвал", "қалдық қоймасы")
SEARCHES = (
    "өскемен",
    "оскемен",
    "Zhezkazgan",
    "Qoşqar",
    "ҚОЙМА",
    "балқаш 12",
    "KZ-0042",
    "Ust-",
    "золо",
    "хромтау № 7",
    "%",
    "нет такого",
)


def run_benchmark(count: int = 20_000) -> dict[str, Any]:
    """Build the register, measure, and return the figures with their aims. Times in ms, 95th percentile."""
    with tempfile.TemporaryDirectory(prefix="boget-bench-") as folder:
        (Path(folder) / "static").mkdir()
        environment = {**os.environ, "BOGET_VAR": folder, "DJANGO_SETTINGS_MODULE": "boget.portal.settings"}
        for name in ("DATABASE_URL", "BOGET_HTTPS", "BOGET_REQUIRE_TWO_FACTOR"):
            environment.pop(name, None)
        command = [sys.executable, "-m", "boget.portal.registry.benchmark", str(count)]
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)  # noqa: S603 - our own module
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def measure(count: int) -> dict[str, Any]:
    """All figures, in the database of this process. The database must be empty."""
    from django.core.management import call_command
    from django.test.utils import override_settings

    call_command("migrate", verbosity=0)
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    storages = {"default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}, "staticfiles": plain}
    with override_settings(STORAGES=storages, LANGUAGE_CODE="ru"):
        speed = _import(count)
        figures: dict[str, Any] = {
            "facilities": count,
            "import_facilities_per_s": round(speed),
            "import_rows_per_s": round(speed * ROWS_PER_FACILITY),
        }
        _publish_scores()
        figures |= _measure_pages(random.Random(SEED))
    figures["aims"] = {name: aim for name, (aim, _more) in AIMS.items()}
    figures["missed"] = [name for name, (aim, more) in AIMS.items() if (figures[name] < aim if more else figures[name] > aim)]
    return figures


# --- the invented register -----------------------------------------------------------------------------------------


def _import(count: int) -> float:
    """Facilities registered in a second, each with an impoundment and a dam, through the door of the register."""
    from boget.portal.core.services import SYSTEM
    from boget.portal.registry.services import register_facilities

    dice, taken = random.Random(SEED), 0.0
    for start in range(0, count, BATCH):
        batch = [_invent(dice, number) for number in range(start, min(start + BATCH, count))]
        begun = perf_counter()
        register_facilities(batch, actor=SYSTEM, source="invented for a measurement", reason="measurement")
        taken += perf_counter() - begun
    return count / taken


def _invent(dice: random.Random, number: int) -> Any:
    from boget.portal.registry.services import NewFacility
    from boget.portal.registry.values import Claim

    def claims(values: dict[str, Any]) -> dict[str, Claim]:
        return {code: Claim(value, source=f"invented report {number}", date="2025-05") for code, value in values.items()}

    return NewFacility("KZ", claims(_invent_facility(dice, number)), [claims(_invent_basin(dice))], [claims(_invent_dam(dice))])


def _invent_facility(dice: random.Random, number: int) -> dict[str, Any]:
    name = f"{dice.choice(PLACES)}: {dice.choice(KINDS)} № {number}"
    place = {"longitude": dice.uniform(47, 87), "latitude": dice.uniform(41, 55), "radius_m": dice.choice((30, 10_000))}
    return {
        "name_ru": name,
        "name_kk": f"{name} (қойма)",
        "name_en": f"{dice.choice(('Ust-Talovka', 'Ridder', 'Balkhash'))} pond No {number}",
        "status": dice.choice(STATUSES),
        "facility_type": dice.choice(("tailings", "sludge", "ash")),
        "operator": f"Оператор {number % 300}",
        "point": place,
        "coordinate_precision": "site",
        "region": dice.choice(REGIONS),
        "basin": dice.choice(BASINS),
        "watercourse": f"Река {number % 500}",
        "start_year": dice.randint(1930, 2025),
        "commodity": "Pb-Zn-Cu",
        "management": "managed",
        "pga_g": round(dice.uniform(0.01, 0.4), 3),
        "confidence": "medium",
    }


def _invent_basin(dice: random.Random) -> dict[str, Any]:
    volume = {"volume_m3": float(dice.randint(10_000, 90_000_000))} if dice.random() < 0.7 else {}
    return {**volume, "toxic_components": "Pb, Zn, Cd", "water_hazard_class": dice.choice(("whc1", "whc2", "unknown"))}


def _invent_dam(dice: random.Random) -> dict[str, Any]:
    return {"height_m": float(dice.randint(3, 140)), "raising_method": "upstream", "fos_static": 1.3}


def _publish_scores() -> None:
    from boget.portal.registry.models import Facility, Score
    from boget.portal.registry.services import publish_scores

    dice, scores = random.Random(SEED), []
    for pk in Facility.objects.values_list("pk", flat=True):
        value = round(dice.uniform(4, 14), 2) if dice.random() < 0.8 else None
        low = None if value is None else value - 2
        parts = {"value": value, "low": low, "high": value, "known": dice.randint(1, 6), "of": 6}
        scores += [Score(facility_id=pk, index="thi", level=level, **parts) for level in (0, 2)]
    publish_scores(scores)


# --- the measurements ----------------------------------------------------------------------------------------------


def _measure_pages(dice: random.Random) -> dict[str, Any]:
    from django.urls import reverse

    clients, address = _sign_in(), reverse("registry:facilities")
    lists = [address + query for query in _list_addresses(dice)]
    searches = [f"{address}?q={text}" for text in SEARCHES * (REQUESTS // len(SEARCHES))]
    boxes = [f"{address}?f=points&bbox={box}" for box in _choose_boxes(dice)]
    for client in clients:  # the first request of a process loads templates and catalogues
        client.get(address)
    times = {name: _time(clients, urls) for name, urls in (("list", lists), ("search", searches), ("bbox", boxes))}
    features = _count_features(clients[0], boxes)
    after_write = _time(clients, lists[:WRITES], before=_write_one(dice))  # last: it adds facilities
    return {
        "list_p95_ms": times["list"]["p95"],
        "search_p95_ms": times["search"]["p95"],
        "bbox_geojson_1000_p95_ms": times["bbox"]["p95"],
        "list_after_write_p95_ms": after_write["p95"],
        "bbox_features": features,
        "queries_list": max(times["list"]["queries"], times["search"]["queries"]),
        "median_ms": {name: figures["median"] for name, figures in times.items()},
        "processor_p95_ms": {name: figures["processor_p95"] for name, figures in times.items()},
    }


def _sign_in() -> list[Any]:
    """A client of the public and one of the authority."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.test import Client

    from boget.portal.accounts.models import Role
    from boget.portal.accounts.selectors import today
    from boget.portal.accounts.services import SYSTEM, add_membership, create_organisation, create_user

    organisation = create_organisation(code="bench", values={"kind": "authority", "name_ru": "Bench"}, by=SYSTEM)
    user = create_user(email="bench@localhost.test", name="Bench", by=SYSTEM)
    add_membership(user, organisation, role=Role.SECRETARY, valid_from=today(), by=SYSTEM)
    client, session = Client(SERVER_NAME="localhost"), None
    session = client.session
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session.save()
    client.cookies["sessionid"] = session.session_key
    return [Client(SERVER_NAME="localhost"), client]


def _list_addresses(dice: random.Random) -> Iterator[str]:
    """Queries of many kinds: every order, every main filter, sizes and classes."""
    sorts = [sign + name for name in ("name", "id", "volume", "height", "thi", "completeness", "updated") for sign in ("", "-")]
    filters = (
        "",
        "status=active",
        "basin=yertis&status=closed",
        "class=5",
        "class=unknown",
        "unknown=pga_g",
        "region=KZ-63&class=4",
    )
    for number in range(REQUESTS):
        yield f"?sort={sorts[number % len(sorts)]}&{dice.choice(filters)}&size=50"


def _choose_boxes(dice: random.Random) -> list[str]:
    """Areas that hold about a thousand facilities each."""
    from boget.portal.registry.models import Facility

    share = (BOX_FEATURES / max(Facility.objects.count(), BOX_FEATURES)) ** 0.5
    width, height = 40 * share, 14 * share
    corners = [(dice.uniform(47, 87 - width), dice.uniform(41, 55 - height)) for _number in range(REQUESTS)]
    return [f"{west:.3f},{south:.3f},{west + width:.3f},{south + height:.3f}" for west, south in corners]


def _count_features(client: Any, urls: Sequence[str]) -> float:
    return round(statistics.mean(len(client.get(url).json()["features"]) for url in urls[:10]))


def _write_one(dice: random.Random) -> Callable[[], Any]:
    """Registers one more facility: what readers were told so far about the whole register holds no longer."""
    from boget.portal.core.services import SYSTEM
    from boget.portal.registry.models import Facility
    from boget.portal.registry.services import register_facilities

    numbers = count(Facility.objects.count())
    text = "invented for a measurement"
    return lambda: register_facilities([_invent(dice, next(numbers))], actor=SYSTEM, source=text, reason=text)


def _time(clients: Sequence[Any], urls: Sequence[str], *, before: Callable[[], Any] | None = None) -> dict[str, Any]:
    """Wall-clock times, and those of the processor: on a machine that does other work the first are longer.

    before: done ahead of each request and not measured.
    """
    taken, worked, queries = [], [], []
    for number, url in enumerate(urls):
        if before is not None:
            before()
        with _count_queries() as counter:
            begun, worked_before = perf_counter(), process_time()
            answer = clients[number % len(clients)].get(url)
            list(answer)
            taken.append(1000 * (perf_counter() - begun))
            worked.append(1000 * (process_time() - worked_before))
        if answer.status_code != 200:
            raise RuntimeError(f"{url}: {answer.status_code}")
        queries.append(counter())
    return {
        "p95": round(_find_p95(taken), 1),
        "median": round(statistics.median(taken), 1),
        "processor_p95": round(_find_p95(worked), 1),
        "queries": max(queries),
    }


def _find_p95(taken: Sequence[float]) -> float:
    return sorted(taken)[-(-len(taken) * 95 // 100) - 1]


@contextmanager
def _count_queries() -> Iterator[Callable[[], int]]:
    from django.db import connection

    seen: list[str] = []

    def note(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        seen.append(sql)
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(note):
        yield lambda: len(seen)


if __name__ == "__main__":
    import django

    django.setup()
    json.dump(measure(int(sys.argv[1])), sys.stdout)
