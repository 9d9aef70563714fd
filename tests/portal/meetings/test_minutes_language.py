"""The language that minutes are typed in is one thing, the language of the page another."""

from __future__ import annotations

import re
from typing import Any

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("asked", "typed"), [("", "ru"), ("?in=kk", "kk")])
def test_what_is_typed_keeps_its_language_on_a_page_in_another(
    make_held: Any, cast: dict[str, Any], asked: str, typed: str
) -> None:
    meeting = make_held(minutes_language="ru")
    client = cast["secretary"].client
    client.get("/health/?lang=en")
    page = client.get(f"/meetings/{meeting.number}/minutes/{asked}").content.decode()
    assert '<html lang="en"' in page
    assert set(re.findall(r'name="in" value="(\w*)"', page)) == {typed}
    assert f'data-language="{typed}"' in page
    assert f"minutes/paper/?f=docx&amp;in={typed}" in page


def test_title_of_the_action_has_no_full_stop(make_held: Any, cast: dict[str, Any]) -> None:
    from boget.portal.accounts.selectors import organisation_of
    from boget.portal.meetings.services.decisions import record_decision, turn_into_action

    meeting, by = make_held(), cast["secretary"]
    for words, title in (("Обновить карту.", "Обновить карту"), ("Завершить в 2027 г.", "Завершить в 2027 г.")):
        values = {"text_ru": words, "due": "2027-03", "outcome": "action", "vote_form": "consensus"}
        body = organisation_of(cast["editor"])
        decision = record_decision(meeting, meeting.items.get(), values, responsible=[body], by=by)
        assert turn_into_action(decision, by=by).title == title
