"""One table from error codes to a translated sentence and a status.

Order of parts in a sentence: field or place, value met, what is allowed, what to do.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from boget.science.errors import BogetError, InvalidInput

UNPROCESSABLE = 422

MESSAGES: dict[str, Any] = {
    "range": _("%(where)s: %(value)s is outside %(allowed)s. Check the unit and correct the value."),
    "not_a_number": _("%(where)s: “%(value)s” is not a number. Write it like 1 250,5."),
    "ambiguous_number": _("%(where)s: “%(value)s” can be read in two ways. Write the number without a thousands comma."),
    "unknown_unit": _("%(where)s: the unit of “%(value)s” is not known. Allowed: %(allowed)s."),
    "not_a_whole_number": _("%(where)s: “%(value)s” is not a whole number. Write digits only."),
    "not_a_date": _("%(where)s: “%(value)s” is not a date. Write 2026, 07.2026 or 22.07.2026."),
    "not_in_list": _("%(where)s: “%(value)s” is not in the list. Allowed: %(allowed)s."),
    "too_long": _("%(where)s: %(value)s characters. Allowed: %(allowed)s. Shorten the text."),
    "control_character": _("%(where)s: the text holds a character that cannot be stored. Remove it and save again."),
    "interval_order": _("%(where)s: the interval %(value)s does not hold the value. Correct the lower or the upper end."),
    "source_missing": _(
        "Source: not given. Every value needs a source. Choose a document or say who reported it."
    ),
    "reason_missing": _("Reason: not given. Say in a few words why the record is changed."),
    "system_missing": _(
        "Consequence class: “%(value)s” without the name of the classification. Choose the classification first."
    ),
    "latitude": _("Latitude: %(value)s is outside %(allowed)s. Latitude and longitude may be swapped. Correct the value."),
    "longitude": _("Longitude: %(value)s is outside %(allowed)s. Correct the value."),
    "coordinates_incomplete": _("Coordinates: only one of the two is given. Give both latitude and longitude."),
    "swapped_coordinates": _(
        "Coordinates: %(value)s lies outside the country, but would lie inside with latitude and longitude swapped. "
        "Swap them."
    ),
    "geometry": _("Geometry: %(value)s. Allowed: %(allowed)s. Draw the shape again or correct the vertices."),
    "unknown_field": _("“%(value)s” is not a field of this register. Allowed: %(allowed)s."),
    "unknown_filter": _("“%(value)s” is not a filter of this list. Allowed: %(allowed)s."),
    "export_changed": _("The register changed while the file was being written. Export it again."),
    "bad_filter": _("%(where)s: “%(value)s” cannot be used here. Allowed: %(allowed)s."),
    "stale": _(
        "The record was changed meanwhile (%(who)s, %(time)s). Your input is kept. "
        "Compare the versions and save again."
    ),
    "stale_text": _(
        "%(where)s: version %(value)s is not the newest any more. Read version %(allowed)s, then say it again. "
        "Your input is kept."
    ),
    "undo_refused": _("%(where)s was changed again after this entry. Undo the later change first."),
    "nothing_changed": _("No value was changed. Change a value, or go back to the card."),
    "duplicate": _("%(where)s: “%(value)s” is registered already. Open the existing record."),
    "required": _("%(where)s: empty. Fill it in."),
    "date_order": _("%(where)s: %(value)s is before the first day, %(allowed)s. Correct one of the two dates."),
    "malformed": _("%(where)s: “%(value)s” is not written in the expected form. Check it and correct it."),
    "not_a_demo": _("Demonstration accounts are made only in a demonstration. Invite people on the page of people."),
    "file_too_large": _("File “%(value)s” is larger than %(allowed)s. Make the file smaller or split it."),
    "value_and_unknown": _("%(where)s: a value and “unknown” at once. Keep one of the two."),
    "two_numbers": _("%(where)s: “%(value)s” looks like more than one number. Leave one, or write a range such as 30–34."),
    "one_sided": _("%(where)s: “%(value)s” gives only one bound. Write a range such as 30–34, or the best known value."),
    "reversed_range": _("%(where)s: “%(value)s” runs from the larger to the smaller number. Write the smaller one first."),
    "not_finite": _("%(where)s: “%(value)s” is not a finite number. Write a number, or leave the value unknown."),
    "too_large": _("%(where)s: “%(value)s” is too large. Check the unit and the number of zeros."),
    "unit_dimension": _("%(where)s: the unit of “%(value)s” is of another kind. Allowed: %(allowed)s."),
    "right_option": _("“%(where)s”: %(value)s right options. Mark exactly one option with +."),
    "quiz_answered": _("The quiz has answers already, so its questions are not changed any more."),
    "quiz_replaced": _("The questions were changed meanwhile. Read them again and answer once more."),
    "registration_over": _("Registration: the seminar took place on %(value)s. The organiser can add participants."),
    "wrong_state": _("%(where)s: not possible while its status is “%(value)s”. Possible at: %(allowed)s."),
    "was_present": _("%(where)s: marked as present. Take the mark away first."),
    "near_reason_missing": _("Why it is new: not given. There are records near or alike. Say how this facility differs."),
    "name_missing": _("Name: not given. Write the name in at least one language."),
    "too_many_proposals": _(
        "%(where)s: proposals that wait for a decision: %(value)s. Allowed: %(allowed)s. Wait until the authority has decided."
    ),
    "merge_target": _("Merged into: “%(value)s” is not another open record of the register. Write its number, like KZ-0001."),
    "zone": _("Pulkovo 1942: “%(value)s” is not a point of zone %(allowed)s. Check the zone, northing and easting."),
    "illegal_step": _("%(where)s: not possible while its status is “%(value)s”. Possible now: %(allowed)s."),
    "own_claim": _("%(where)s: reported as done by you or your own body. Another body verifies it."),
    "not_later": _("%(where)s: %(value)s is not later than %(allowed)s. Write a later date."),
    "agreed_due": _("%(where)s: %(value)s was agreed. Postpone the action and say why and who allowed it."),
    "closed_action": _("%(where)s is closed (%(value)s) and is not changed any more. Make a new action."),
    "loop": _("%(where)s: %(value)s itself waits for this action. Choose another one."),
    "body_twice": _("%(where)s: “%(value)s” is named twice. Leave it in one place."),
    "approved_plan": _("Version %(value)s of the plan is approved and is not changed any more. Make a new version."),
    # meetings and minutes
    "group_missing": _("Working Group: not entered yet. Enter its mandate first."),
    "meeting_step": _("%(where)s: not possible while the meeting stands at “%(value)s”. Allowed at: %(allowed)s."),
    "agenda_empty": _("Agenda: no item yet. Add an item, or let the agenda fill itself."),
    "agenda_adopted": _("Agenda: adopted, so it is not changed. Open it again first."),
    "nobody_listed": _("List of participants: empty. Take the members over from the Working Group or add people."),
    "nobody_present": _("Attendance: nobody is marked as present. Mark who came."),
    "meeting_past": _("Invitations: %(value)s is past. Correct the date, or adopt the agenda of a past meeting."),
    "meeting_to_come": _("%(where)s: the meeting begins %(value)s. Wait, or correct the date."),
    "day_past": _("%(where)s: %(value)s is past. Choose today or a later day."),
    "day_to_come": _("%(where)s: %(value)s is still to come. Choose today or an earlier day."),
    "comments_open": _("Comments without an answer: %(value)s. Answer each, then make the minutes final."),
    "comments_running": _("Comments are taken until %(value)s, that day included. Wait, or say why they end earlier."),
    "comments_over": _("Comments were taken until %(value)s. Write to the secretary."),
    "minutes_signed": _("Minutes of meeting %(where)s: signed, so they are not changed. Open a correction and say why."),
    "decision_owner": _("Decision: becomes an action, but no responsible body is given. Choose at least one."),
    "decision_due": _("Decision: becomes an action, but no date is given. Write by when, such as 07.2026 or 22.07.2026."),
    "decision_taken": _("Decision %(where)s has become action %(value)s already. Open that action."),
    "not_an_action": _("Decision %(where)s does not become an action. Correct its outcome first."),
    "plan_item_missing": _(
        "Decision: goes into the work plan, but the item is not named. Write year and number, such as 2026/3."
    ),
    "too_many_votes": _("Votes: %(value)s, but members with a vote who are present: %(allowed)s. Correct the numbers."),
    "used_by_decisions": _("%(where)s: has decisions. Remove or move them first."),
    "document_kind": _("File “%(value)s”: its content is of another kind. Allowed: %(allowed)s."),
    "file_empty": _("File “%(value)s” is empty. Choose another file."),
    "level_above": _("%(where)s: a level above your own cannot be given. Allowed: %(allowed)s."),
    "signature_missing": _("Signatures: both the name of the chair and that of the secretary are needed."),
    "items_open": _("Items that are neither done nor carried over: %(value)s. Settle them first."),
    "no_such_object": _("%(where)s: “%(value)s” does not exist. Check the number."),
    "sheet_unreadable": _("File “%(value)s” cannot be read as a spreadsheet. Save it as XLSX and load it again."),
    "sheet_too_large": _("File “%(value)s” holds more than %(allowed)s cells. Remove other sheets and empty rows."),
    "sheet_header": _("Head of the table: the column “%(allowed)s” is missing. Name the columns as in the exported file."),
    "unknown_body": _("“%(value)s” is not a registered organisation. Correct the name or register the organisation."),
    "agreed_date": _("%(where)s: %(value)s was agreed. Postpone the item and say why."),
    # progress reports
    "report_released": _("Report %(where)s: released, so it is not changed any more. Make the next one."),
    "report_gone": _("Report %(where)s: not found, or not open to you."),
    "bad_template": _(
        "Template: the file cannot be used. Save it once more as PPTX or DOCX without macros, embedded files and links to "
        "pictures or templates elsewhere."
    ),
    # river scenarios
    "place_unknown": _("%(where)s: no coordinates and no confirmed watercourse. Confirm the watercourse, or choose a place."),
    "no_outcome": _("Run %(where)s: no result, its status is “%(value)s”."),
    "run_outdated": _("Run %(where)s: the river network was replaced after it was asked for. Ask for it again."),
    "too_many_live": _("Runs of yours in the queue: %(value)s. Wait until one has ended, or cancel one. Then ask again."),
    "outcome_altered": _(
        "Run %(where)s: the stored result is not the one that was computed. It is not shown. Ask for the run again."
    ),
    "threshold_missing": _("%(where)s: no limit of it is known. Give a threshold of your own."),
    "unknown_reach": _("“%(value)s” is not a reach of the river network in use. Choose the place on the map again."),
    "not_positive": _("%(where)s: %(value)s is not above zero. Check the sign and the unit."),
    "unknown_choice": _("%(where)s: “%(value)s” is not one of the choices. Choose one of the list."),
    "empty": _("%(where)s: empty. Fill it in."),
    "repeated": _("%(where)s: %(value)s stands more than once. Keep it once."),
    "insufficient_data": _("%(where)s: too little is known to compute a result. Supply what is missing."),
    "shape_mismatch": _("%(where)s: the parts differ in length. Give as many values as there are places."),
    "no_watercourse": _(
        "%(where)s (%(value)s): no known river is near. Confirm the watercourse of the facility, or choose a point on a river."
    ),
    "start_choice": _("Place of the release: give one of the three: a facility, a point, or a reach with its kilometre."),
    "substance_choice": _("Substance: not given. Choose a substance of the catalogue."),
    "substance_not_carried": _("Substance “%(value)s”: has no mass that a river could carry. Choose one in mg/L."),
    "unknown_substance": _("Substance “%(value)s”: not in the catalogue. Choose one of the list."),
    "target_upstream": _("%(where)s: lies above the release or at it, where its water does not come. Choose a place below."),
    "target_off_path": _("%(value)s: not on this river below the release. Choose a point on the river below the release."),
    "release_mass": _("Release: the rates over time give %(value)s kg, but the mass is %(allowed)s. Correct one of the two."),
    "release_too_long": _(
        "Duration of the release: longer than the discharge of one season holds. Make it shorter, or compute it in parts."
    ),
    "not_increasing": _("%(where)s: the times do not grow from row to row. Put them in order, each once."),
    "no_flow": _("%(where)s: no discharge is known for this season. Choose another one, or give that of today."),
    "regime_missing": _("%(value)s: no rule tells how its discharge changes in the year. Give a discharge announced today."),
    "regime_months": _("%(where)s: the months from 1 to 12 are needed, each once."),
    "scenario_form": _("Scenario: it is not written in a form that this version knows. Make it again."),
    "outcome_form": _("Result: it is not written in a form that this version knows. Compute it again."),
    "too_many_cells": _("Check by the second method: the river would have to be cut too finely. Ask for fewer places."),
    # the river network and the folder of map data
    "repeated_reach": _("River network: the reach %(value)s stands twice. Every reach needs its own number."),
    "river_gap": _("River network: a reach leads to %(value)s, which is not there. Load the whole network."),
    "river_cycle": _("River network: a path comes back to itself at %(value)s. Correct the next reaches."),
    "river_break": _("River network: two reaches follow each other by number but not on the ground (%(value)s)."),
    "river_network_missing": _("Folder of map data: no layer with the field HYRIV_ID. Put a river network there."),
    "folder_missing": _("Folder “%(value)s”: not there, or not open to this service. Check the path."),
    "file_missing": _("File “%(value)s”: not there. Put it back."),
    "file_unreadable": _("File “%(value)s”: cannot be read. Copy it again, or take it out of the folder."),
    "missing_column": _("Table %(where)s: the column “%(value)s” is missing. Add or rename it."),
    "line_code": _("River network: a stored line is damaged. Install the package again."),
    "line_missing": _("River network: the reach %(value)s has no line. Give every reach its line."),
    "flow_cycle": _("Flow directions: the way of the water comes back to itself. Correct the raster."),
    "flow_grid_missing": _("Folder of map data: no raster of flow directions (D8). Put a GeoTIFF there."),
    "outside_raster": _("Flow directions: they end before the water meets a river. Load the tile beside, or move the point."),
    "raster_frame": _("Raster “%(value)s”: not in degrees of EPSG:4326. Convert it."),
    "raster_unreadable": _("Raster “%(value)s”: cannot be read. Give a GeoTIFF."),
}

PLACES: dict[str, Any] = {
    "announced discharge": _("Announced discharge"),
    "spread of the announced discharge": _("Spread of the announced discharge"),
    "place of the announced discharge": _("Place of the announced discharge"),
    "discharge": _("Discharge"),
    "spread of the discharge": _("Spread of the discharge"),
    "flow": _("Discharge"),
    "season": _("Season"),
    "facility": _("Facility"),
    "point": pgettext_lazy("river", "Point"),
    "place": pgettext_lazy("river", "Place"),
    "place of the release": _("Place of the release"),
    "reach": _("Reach"),
    "km": _("Kilometre of the reach"),
    "distance": pgettext_lazy("river", "Place"),
    "length of the path": _("Length of the river"),
    "release": pgettext_lazy("river", "Release"),
    "kind of release": _("Kind of release"),
    "times of the release": _("Times of the release"),
    "mass of the release": _("Mass"),
    "mass": _("Mass"),
    "spread of the mass": _("Spread of the mass"),
    "duration": _("Duration of the release"),
    "particulate share": _("Share on particles"),
    "substance": _("Substance"),
    "threshold": _("Threshold"),
    "members": _("Number of runs"),
    "seed": _("Seed"),
    "velocity formula": _("Formula of the velocity"),
    "dispersion formula": _("Formula of the dispersion"),
    "kind of reading": _("Kind of reading"),
    "value of the reading": _("Value of the reading"),
    "time of the reading": _("Time of the reading"),
    "place of the reading": _("Place of the reading"),
    "weights": _("Readings"),
}
"""Names of inputs by which the science says where it met a fault. Other places are printed as they are."""

_AT_LEAST = re.compile(r"(\S+) or more")
_ABOVE = re.compile(r"above (\S+)")
_BETWEEN = re.compile(r"(-?[\d.]+) to (-?[\d.]+)")


class Conflict(BogetError):
    """Somebody else changed the record since the page was opened."""


def translate(error: BogetError) -> str:
    """The sentence for the reader; the English text of the error where the table has no row."""
    where = PLACES.get(error.where, error.where) if isinstance(error.where, str) else error.where
    parts = {"where": where, "value": error.value, "allowed": _say_bounds(error.allowed), **error.context}
    parts = {name: _say_moment(part) if isinstance(part, datetime) else part for name, part in parts.items()}
    message = MESSAGES.get(error.code)
    return str(message) % parts if message is not None else str(error)


def _say_bounds(allowed: Any) -> Any:
    """The bounds of a number as the science writes them, in the reader's language; anything else as it is."""
    if not isinstance(allowed, str):
        return allowed
    if match := _BETWEEN.fullmatch(allowed):
        return f"{match[1]}–{match[2]}"
    if match := _AT_LEAST.fullmatch(allowed):
        return _("%(low)s or more") % {"low": match[1]}
    if match := _ABOVE.fullmatch(allowed):
        return _("above %(low)s") % {"low": "0" if match[1] == "zero" else match[1]}
    return allowed


def _say_moment(moment: datetime) -> str:
    return str(date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT"))


def choose_status(error: BogetError) -> int:
    if isinstance(error, Conflict):
        return 409
    return 400 if error.code in {"unknown_filter", "bad_filter"} else UNPROCESSABLE


def refuse(code: str, *, where: Any = "", value: Any = "", allowed: Any = "") -> InvalidInput:
    """An InvalidInput ready to raise: ``raise refuse("range", where=…, value=…, allowed=…)``."""
    return InvalidInput(code, where=where, value=value, allowed=allowed)
