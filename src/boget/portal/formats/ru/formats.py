"""Dates in Russian where Django's own differ: it prints «22 Ноябрь» and takes no ISO date.

Each list is whole: a format module of ours replaces Django's list of the same name.
"""

MONTH_DAY_FORMAT = "j E"
YEAR_MONTH_FORMAT = "F Y г."
DATE_INPUT_FORMATS = ["%d.%m.%Y", "%d.%m.%y", "%Y-%m-%d"]
DATETIME_INPUT_FORMATS = [
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M:%S.%f",
    "%d.%m.%Y %H:%M",
    "%d.%m.%y %H:%M:%S",
    "%d.%m.%y %H:%M",
    "%Y-%m-%d %H:%M",
]
