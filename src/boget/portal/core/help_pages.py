"""Help: a short page per topic, written in each language rather than translated sentence by sentence."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from boget.portal.core.formatting import current_language


@dataclass(frozen=True, slots=True)
class Topic:
    """A page of help; its text is ``help/<code>.<language>.html``."""

    code: str
    title: Promise
    about: Promise


TOPICS = {
    topic.code: topic
    for topic in (
        Topic("registry", _("How to read and change the register"), _("List, card, sources of a value, history, undo.")),
        Topic("ranking", _("What the hazard ranking says"), _("The two indices, unknown inputs, what they are not for.")),
        Topic("sources", _("Sources and licences"), _("Where the data come from and under which terms.")),
        Topic("accessibility", _("Accessibility"), _("Keyboard, screen readers, printing, work without scripts.")),
    )
}


@require_GET
def show_help(request: HttpRequest) -> HttpResponse:
    return render(request, "help/index.html", {"topics": TOPICS.values()})


@require_GET
def show_topic(request: HttpRequest, topic: str) -> HttpResponse:
    if topic not in TOPICS:
        raise Http404
    page: dict[str, Any] = {"topic": TOPICS[topic], "text": f"help/{topic}.{current_language()}.html"}
    if topic == "sources":
        page["layers"] = list_layers()
    return render(request, "help/topic.html", page)


@cache
def list_layers() -> list[dict[str, Any]]:
    """Layers of the embedded map with licence and attribution, as the table of sources names them."""
    table = tomllib.loads(resources.files("boget").joinpath("data/SOURCES.toml").read_text(encoding="utf-8"))
    return list(table["layer"].values())
