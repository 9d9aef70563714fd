"""Folding and sorting of names in Kazakh, Russian and English.

Three search keys are kept with each name (exact, Russian keyboard, Latin skeleton). Cyrillic letters are never split
into letter and mark: й is not и, and і is not и.
"""

from __future__ import annotations

import re
import unicodedata

KAZAKH_ORDER = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
RUSSIAN_ORDER = "аәбвгғдеёжзиійкқлмнңоөпрстуүұфхһцчшщъыьэюя"  # Kazakh letters beside their nearest, as ICU does

RUSSIAN_KEYBOARD = str.maketrans("әғқңөұүһ", "агкноуух")

CYRILLIC_SKELETON = {
    "а": "a", "ә": "a", "б": "b", "в": "v", "г": "g", "ғ": "g", "д": "d", "е": "e", "ж": "j", "з": "z", "и": "i",
    "й": "i", "к": "k", "қ": "k", "л": "l", "м": "m", "н": "n", "ң": "n", "о": "o", "ө": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ұ": "u", "ү": "u", "ф": "f", "х": "h", "һ": "h", "ц": "ts", "ч": "ch", "ш": "sh",
    "щ": "sh", "ы": "i", "і": "i", "э": "e", "ю": "iu", "я": "ia", "ъ": "", "ь": "",
}  # fmt: skip
SKELETON = str.maketrans(CYRILLIC_SKELETON)
LATIN_LETTERS = str.maketrans({"ş": "sh", "ç": "ch", "ı": "i", "ŋ": "n"})
LATIN_PAIRS = (
    ("shch", "sh"), ("zh", "j"), ("kh", "h"), ("gh", "g"), ("ye", "e"), ("q", "k"), ("x", "h"), ("w", "v"),
    ("yu", "iu"), ("ya", "ia"), ("y", "i"), ("ii", "i"),
)  # fmt: skip

_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_quotes = re.compile("[«»\"“”„‘’'`]")
_gaps = re.compile(r"[\s\-‐-―_.,;:/()№#]+")


def is_storable(text: str) -> bool:
    """Whether every database, file and page can hold the text.

    Not so with control characters, halves of a character, the two code points that XML forbids, and the marks that turn
    the direction of what stands behind them.

    >>> is_storable("Қойма\\n№ 2"), is_storable("a\\x00b"), is_storable("a\\u202eb"), is_storable("a\\ufffeb")
    (True, False, False, False)
    """
    return _UNSTORABLE.search(text) is None


def fold_exact(text: str) -> str:
    """NFC, case folded, ё as е, quotes dropped, hyphens and spaces as one space.

    >>> fold_exact("  «ҚОЙМА» № 2 – Берёзовка ")
    'қойма 2 березовка'
    """
    folded = unicodedata.normalize("NFC", text).casefold().replace("ё", "е")
    return _gaps.sub(" ", _quotes.sub("", folded)).strip()


def fold_keyboard(text: str) -> str:
    """The exact key as typed on a Russian keyboard.

    >>> fold_keyboard("Өскемен") == fold_keyboard("оскемен")
    True
    """
    return fold_exact(text).translate(RUSSIAN_KEYBOARD)


def fold_all(text: str) -> tuple[str, str, str]:
    """The exact, the keyboard and the Latin key.

    >>> fold_all("Өскемен") == (fold_exact("Өскемен"), fold_keyboard("Өскемен"), fold_latin("Өскемен"))
    True
    """
    exact = fold_exact(text)
    return exact, exact.translate(RUSSIAN_KEYBOARD), _write_skeleton(exact)


def fold_latin(text: str) -> str:
    """A Latin skeleton shared by Cyrillic and every Latin spelling in use.

    >>> {fold_latin(word) for word in ("Жайық", "Zhaiyk", "Jaiyq", "Zhayik")}
    {'jaik'}
    >>> {fold_latin(word) for word in ("Қошқар-Ата", "Qoşqar-Ata", "Koshkar Ata")}
    {'koshkar ata'}
    """
    return _write_skeleton(fold_exact(text))


def _write_skeleton(folded: str) -> str:
    latin = folded.translate(LATIN_LETTERS).translate(SKELETON)
    if not latin.isascii():
        latin = "".join(c for c in unicodedata.normalize("NFD", latin) if not unicodedata.combining(c))
    for pair, single in LATIN_PAIRS:
        latin = latin.replace(pair, single)
    return latin


_ORDERS = {"kk": KAZAKH_ORDER, "ru": RUSSIAN_ORDER, "en": RUSSIAN_ORDER}


class _Ranks(dict[int, str]):
    """Four digits for each letter, by its code: Latin and digits before Cyrillic, everything else after it."""

    def __missing__(self, code: int) -> str:
        self[code] = rank = f"{code:04d}" if code < 500 else f"{1000 + code % 8999:04d}"
        return rank


_RANKS = {
    language: _Ranks({ord(letter): f"{rank + 500:04d}" for rank, letter in enumerate(order)})
    for language, order in _ORDERS.items()
}
_digits = re.compile(r"\d+")


def build_collation_key(text: str, language: str) -> str:
    """A plain string that sorts in the alphabet of the language; numbers inside names sort as numbers.

    >>> sorted(["Өзен", "Отар", "Ақтау", "Әулие", "Айша"], key=lambda w: build_collation_key(w, "kk"))
    ['Айша', 'Ақтау', 'Әулие', 'Отар', 'Өзен']
    >>> sorted(["№ 10", "№ 2"], key=lambda w: build_collation_key(w, "ru"))
    ['№ 2', '№ 10']
    """
    folded = _gaps.sub(" ", _quotes.sub("", unicodedata.normalize("NFC", text).casefold())).strip()
    padded = _digits.sub(lambda match: match.group().zfill(8), folded)
    return padded.translate(_RANKS.get(language, _RANKS["ru"]))
