"""Heads of the plan's table as the Ministry writes them, in the three languages, and how a file's heads are recognised."""

from __future__ import annotations

import re

from boget.portal.core.text import fold_keyboard

LANGUAGES = ("ru", "kk", "en")
SEPARATOR = "; "
TITLES = {
    "ru": "План работы Рабочей группы на %(year)s год",
    "kk": "Жұмыс тобының %(year)s жылға арналған жұмыс жоспары",
    "en": "Work plan of the Working Group for %(year)s",
}
HEADS: dict[str, dict[str, str]] = {
    "number": {"ru": "№", "kk": "№", "en": "No"},
    "text": {"ru": "Наименование мероприятий", "kk": "Іс-шаралардың атауы", "en": "Item"},
    "due": {"ru": "Срок", "kk": "Мерзімі", "en": "Due"},
    "responsible": {"ru": "Ответственные", "kk": "Жауаптылар", "en": "Responsible"},
    "support": {"ru": "Поддержка", "kk": "Қолдау", "en": "Support"},
    "status": {"ru": "Состояние", "kk": "Жай-күйі", "en": "Status"},
    "first_due": {"ru": "Первоначальный срок", "kk": "Бастапқы мерзімі", "en": "First date"},
    "last_report": {"ru": "Последний отчёт", "kk": "Соңғы есеп", "en": "Last report"},
}
OTHER_HEADS = {  # heads met in papers beside ours
    "number": ("п/п", "n", "#"),
    "text": ("мероприятие", "мероприятия", "пункт", "іс-шара", "іс-шаралар", "activity", "title of the activity"),
    "due": ("сроки исполнения", "срок исполнения", "сроки", "орындау мерзімі", "deadline"),
    "responsible": (
        "ответственные органы",
        "ответственный",
        "ответственные исполнители",
        "жауапты органдар",
        "responsible bodies",
    ),
    "support": ("при поддержке", "қолдауымен", "with the support of"),
}
REQUIRED = ("text", "due", "responsible")
READ = ("number", "text", "due", "responsible", "support")
_WITH_LANGUAGE = re.compile(r"(.+?)\s*\((ru|kk|en)\)\s*")


def recognise_heads(cells: list[str]) -> dict[str, int]:
    """Column of each part: number, text_ru, text_kk, text_en, due, responsible, support. Unknown heads are left out.

    A text column without a language is in the language of its head.
    """
    found: dict[str, int] = {}
    for position, cell in enumerate(cells):
        code = _recognise(cell)
        if code:
            found.setdefault(code, position)
    return found


def _recognise(cell: str) -> str:
    tagged = _WITH_LANGUAGE.fullmatch(cell.strip())
    head = _fold(tagged[1] if tagged else cell)
    for code in READ:
        for language in LANGUAGES:
            if head == _fold(HEADS[code][language]):
                return f"text_{tagged[2] if tagged else language}" if code == "text" else code
        if head in {_fold(word) for word in OTHER_HEADS.get(code, ())}:
            return f"text_{tagged[2] if tagged else _guess(head)}" if code == "text" else code
    return ""


def _guess(head: str) -> str:
    return "en" if head.isascii() else "kk" if "шара" in head else "ru"


def _fold(text: str) -> str:
    return fold_keyboard(text).strip(" .:№") or text.strip()
