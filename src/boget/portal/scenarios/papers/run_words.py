"""What a paper of a run says beside its table: what it is for, instructions, limits, inputs, where its numbers come from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

import boget
from boget.portal.core.services import describe_installation
from boget.portal.scenarios.models import Run, RunMode
from boget.portal.scenarios.papers.clock import say_in_utc
from boget.portal.scenarios.selectors import advice, saying, wave_words
from boget.portal.scenarios.selectors.advice import Advice
from boget.portal.scenarios.selectors.figure_origin import list_versions
from boget.portal.scenarios.selectors.formula_words import list_formulas
from boget.portal.scenarios.selectors.naming import name_run
from boget.portal.scenarios.selectors.scenario_words import Facts
from boget.portal.scenarios.selectors.wave_rows import TargetRow, build_rows
from boget.portal.scenarios.services import runs as doors
from boget.portal.scenarios.templatetags.wave import advice_numbers
from boget.science.river.outcome import RiverOutcome

SHORT_HASH = 12


@dataclass(frozen=True, slots=True)
class Paper:
    """A finished run as its papers need it. now: the moment of the paper; substances: the catalogue by code."""

    run: Run
    outcome: RiverOutcome
    facts: Facts
    rows: Sequence[TargetRow]
    substances: Mapping[str, Any]
    now: dt.datetime

    @property
    def advice(self) -> list[Advice]:
        return advice.list_advice(self.outcome.targets, self.run.started_at, now=self.now)

    @property
    def threshold(self) -> str:
        return saying.say_mg(self.facts.threshold) if self.facts.threshold else ""

    @property
    def title(self) -> str:
        return name_run(self.run)


def open_paper(run: Run, *, substances: Mapping[str, Any], now: dt.datetime) -> Paper:
    """Raises MissingData ("no_outcome") for a run that has not ended."""
    outcome, facts = doors.read_outcome(run), Facts(run.scenario)
    rows = build_rows(outcome.targets, run.started_at, threshold=facts.threshold)
    return Paper(run, outcome, facts, rows, substances, now)


def say_mode(run: Run) -> str:
    """The word at the top and at the bottom of each page."""
    words = {
        RunMode.STUDY: _("STUDY. No release has happened."),
        RunMode.EXERCISE: _("EXERCISE. Not a real accident."),
        RunMode.REAL: _("REAL RELEASE"),
    }
    return words[RunMode(run.mode)]


def list_marks(run: Run) -> list[str]:
    """What a reader must know of the standing of the paper, in words."""
    marks = [_("screening, not calibrated")]
    marks += [_("Demonstration data. Not official information.")] if describe_installation().is_demo else []
    marks += [_("inputs changed since the run")] if run.is_stale else []
    return marks


def say_order(one: Advice) -> str:
    """What to do at a place, and when, on the reader's clock and in UTC."""
    values = {
        "place": wave_words.name_target(one.forecast.target),
        "close": saying.say_moment(one.close_at),
        "open": saying.say_moment(one.open_at),
    }
    if one.forecast.target.kind == "intake":
        return _("%(place)s: close the intake by %(close)s; do not reopen before %(open)s.") % values
    return _("%(place)s: take no water from the river from %(close)s to %(open)s.") % values


def say_order_utc(one: Advice) -> str:
    return f"{say_in_utc(one.close_at)} – {say_in_utc(one.open_at)}".replace("\u00a0UTC –", " –")


def say_numbers(one: Advice) -> str:
    return advice_numbers(one)


def say_no_order(paper: Paper) -> str:
    """Where nobody has to close anything, why not."""
    nothing = _("No intake and no town is at risk by this forecast.")
    if not paper.threshold:
        return f"{nothing} {_('No threshold was set, so nothing can be above it.')}"
    fewer = _("At each of them fewer than one run in ten exceeds %(threshold)s.") % {"threshold": paper.threshold}
    return f"{nothing} {fewer}"


def say_rule() -> str:
    """The rule behind the instructions, with its standing."""
    hours = saying.format_digits(advice.read_rules()["close_margin"].value, 1)
    rule = _("Rule: 5th percentile of the arrival less %(hours)s h; 95th percentile of the departure.") % {"hours": hours}
    return f"{rule} {_('Provisional: not agreed with the water utilities.')}"


def list_limits(paper: Paper) -> list[str]:
    """What the forecast does not say."""
    return [*wave_words.list_cautions(paper.outcome.cautions), *map(str, wave_words.ALWAYS)]


def list_origins(paper: Paper) -> list[tuple[str, str]]:
    """Formulas, versions and fingerprints: by them the numbers can be computed again."""
    outcome, run = paper.outcome, paper.run
    formulas = [(str(step), words) for step, words in list_formulas(outcome.formulas)]
    versions = [(str(name), value) for name, value in list_versions(outcome.versions)]
    return [
        *formulas,
        *versions,
        (pgettext("fingerprint", "inputs"), run.input_hash),
        (pgettext("fingerprint", "result"), run.outcome_hash),
        (_("written by"), f"Boget {boget.__version__}"),
    ]


def say_footer(paper: Paper) -> str:
    """Number of the run, version, network and fingerprint of the result."""
    run = paper.run
    values = {"run": run.public_id, "code": run.code_version, "hash": run.outcome_hash[:SHORT_HASH]}
    values["network"] = str(run.network_version)[:SHORT_HASH]
    return _("%(run)s · Boget %(code)s · network %(network)s · result %(hash)s") % values


def name_file(run: Run, form: str, *, language: str = "", part: str = "") -> str:
    """The name says whose numbers and what they are not: an exercise and a demonstration stand in it."""
    mode = "-exercise" if run.mode == RunMode.EXERCISE else ""
    demo = "-demo" if describe_installation().is_demo else ""
    more = "".join(f"-{word}" for word in (slugify(part), language) if word)
    return f"boget-{run.public_id}{more}{mode}{demo}.{form}"
