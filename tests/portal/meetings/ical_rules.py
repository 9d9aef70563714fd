"""A strict reader of RFC 5545, written from the rules and not from any library: what a calendar program may rely on."""

from __future__ import annotations

import re

ONCE = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "SUMMARY", "STATUS", "URL", "LOCATION", "DESCRIPTION", "ORGANIZER"}
NAME = re.compile(r"[A-Z][A-Z0-9-]*\Z")
UTC_TIME = re.compile(r"\d{8}T\d{6}Z\Z")
DATE = re.compile(r"\d{8}\Z")
TEXTS = {"SUMMARY", "LOCATION", "DESCRIPTION", "X-WR-CALNAME"}
UNESCAPED = re.compile(r"(?<!\\)(?:\\\\)*[,;]")
ESCAPE = re.compile(r"\\(.)")


def unfold(content: bytes) -> list[str]:
    """Content lines; AssertionError for a bare line feed, a line of more than 75 octets, or a broken letter."""
    assert content.endswith(b"\r\n"), "the last line has no end"
    physical = content[:-2].split(b"\r\n")
    for line in physical:
        assert b"\n" not in line and b"\r" not in line, f"a bare line end in {line!r}"
        assert len(line) <= 75, f"{len(line)} octets: {line!r}"
        assert line.strip(), "an empty line"
    lines: list[bytes] = []
    for line in physical:
        if line[:1] in (b" ", b"\t"):
            lines[-1] += line[1:]
        else:
            lines.append(line)
    return [line.decode("utf-8") for line in lines]


def read_line(line: str) -> tuple[str, dict[str, str], str]:
    """Name, parameters and value of a content line; quoted parameter values may hold colons."""
    head, in_quotes = "", False
    for place, letter in enumerate(line):
        in_quotes ^= letter == '"'
        if letter == ":" and not in_quotes:
            head, value = line[:place], line[place + 1 :]
            break
    else:
        raise AssertionError(f"no value in {line!r}")
    name, *rest = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*\Z)', head)
    assert NAME.match(name), f"{name!r} is no name"
    parameters = dict(part.split("=", 1) for part in rest)
    assert all(NAME.match(key) and value for key, value in parameters.items()), head
    return name, parameters, value


def check_value(name: str, parameters: dict[str, str], value: str) -> None:
    if name in TEXTS:
        assert not UNESCAPED.search(value), f"{name}: a comma or semicolon is not escaped: {value!r}"
        assert all(letter in "\\;,Nn" for letter in ESCAPE.findall(value)), f"{name}: a wrong escape: {value!r}"
    if name in {"DTSTART", "DTEND"}:
        is_date = parameters.get("VALUE") == "DATE"
        assert (DATE if is_date else UTC_TIME).match(value), f"{name} is neither a date nor in UTC: {value}"
        assert "TZID" not in parameters, "a zone without VTIMEZONE"
    if name in {"DTSTAMP", "LAST-MODIFIED"}:
        assert UTC_TIME.match(value), f"{name} is not in UTC: {value}"
    if name == "SEQUENCE":
        assert value.isdecimal()
    if name in {"ORGANIZER", "ATTENDEE"}:
        assert value.startswith("mailto:") and "@" in value, value


def read_calendar(content: bytes) -> tuple[dict[str, str], list[dict[str, list[str]]]]:
    """Properties of the calendar and of each event; AssertionError where a rule does not hold."""
    lines = [read_line(line) for line in unfold(content)]
    calendar: dict[str, str] = {}
    events: list[dict[str, list[str]]] = []
    open_parts: list[str] = []
    for name, parameters, value in lines:
        check_value(name, parameters, value)
        if name == "BEGIN":
            open_parts.append(value)
            if value == "VEVENT":
                events.append({})
        elif name == "END":
            assert open_parts and open_parts.pop() == value, f"END:{value} out of place"
        elif open_parts == ["VCALENDAR"]:
            assert name not in calendar, f"{name} twice"
            calendar[name] = value
        else:
            assert open_parts == ["VCALENDAR", "VEVENT"], f"{name} outside of an event"
            events[-1].setdefault(name, []).append(value)
    assert not open_parts, "not closed"
    check_calendar(calendar, events)
    return calendar, events


def check_calendar(calendar: dict[str, str], events: list[dict[str, list[str]]]) -> None:
    assert calendar["VERSION"] == "2.0" and calendar["PRODID"]
    assert all({"UID", "DTSTAMP", "DTSTART"} <= set(event) for event in events), "an event without UID, DTSTAMP or DTSTART"
    uids = [event["UID"][0] for event in events]
    assert len(uids) == len(set(uids)), "a UID twice"
    for event in events:
        assert all(len(event[name]) == 1 for name in ONCE & set(event)), "a property twice"
        assert event.get("DTEND", ["z"])[0] > event["DTSTART"][0], "it ends before it begins"
        if calendar.get("METHOD") in {"REQUEST", "CANCEL"}:
            assert {"ORGANIZER", "ATTENDEE", "SEQUENCE"} <= set(event), "an invitation without its parties (RFC 5546)"
        if calendar.get("METHOD") == "CANCEL":
            assert event["STATUS"] == ["CANCELLED"]
