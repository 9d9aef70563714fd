"""What the working group's pages show in the journeys: written by the services into a fresh demonstration."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import django

if TYPE_CHECKING:
    from boget.portal.accounts.models import Organisation, User
    from boget.portal.actions.models import Action
    from boget.portal.meetings.models import AgendaItem, Meeting

ZONE = ZoneInfo("Asia/Almaty")  # of the installation and of the meetings
HELD, COMING = 10, 11  # numbers of the meetings; the second one is left to the journey
QUIZ = "Кто отвечает за паспорт хвостохранилища?\n+ оператор\n- подрядчик\n\nСколько уровней опасности?\n- три\n+ пять"
TABLE = "<p>О ходе выполнения:</p><table><tr><th>Объект</th><th>Срок</th></tr><tr><td>Таловское</td><td>июль</td></tr></table>"
LATE_ACTION = "Составить перечень бесхозяйных хвостохранилищ и направить его акиматам"


@dataclass(frozen=True, slots=True)
class Cast:
    """People of the demonstration and the bodies they work for."""

    secretary: User
    deputy: User
    editor: User
    inspector: User
    operator: User
    expert: User
    host: Organisation
    ministry: Organisation
    company: Organisation


def today() -> dt.date:
    return dt.datetime.now(ZONE).date()


def fill() -> None:
    cast = gather_cast()
    enter_person(cast)
    report_on_plan(cast)
    make_snapshots(cast)
    held = hold_meeting(cast)
    plan_meeting(cast)
    act(cast, held)
    propose(cast)
    hold_seminars(cast)
    make_reports(cast)
    repeat_example(cast)


# --- people --------------------------------------------------------------------------------------------------------------


def gather_cast() -> Cast:
    """The people of the demonstration with a second secretary, who takes minutes beside the first."""
    from django.conf import settings

    from boget.portal.accounts.models import Organisation, User
    from boget.portal.accounts.seed import DEMO_FIRST_DAY
    from boget.portal.accounts.services import add_membership, create_user
    from boget.portal.core.services import SYSTEM

    bodies = {code: Organisation.objects.get(code=code) for code in ("mes", "menr", "kazzinc")}
    password = (settings.VAR / "demo_password.txt").read_text()
    deputy = create_user(email="deputy@demo.boget", name="Демо Заместитель", by=SYSTEM, password=password)
    add_membership(deputy, bodies["mes"], role="secretary", valid_from=DEMO_FIRST_DAY, by=SYSTEM)
    roles = ("secretary", "deputy", "editor", "inspector", "operator", "expert")
    people = {role: User.objects.get(email=f"{role}@demo.boget") for role in roles}
    return Cast(**people, host=bodies["mes"], ministry=bodies["menr"], company=bodies["kazzinc"])


def enter_person(cast: Cast) -> None:
    """Somebody of the group who has no account: invitations go to her on paper."""
    from boget.portal.meetings.models import WorkingGroup
    from boget.portal.meetings.services.group import NewPerson, add_person

    person = NewPerson(cast.host, "member", dt.date(2024, 2, 1), name="Ахметова Гүлнар", post="советник")
    add_person(WorkingGroup.objects.get(), person, by=cast.secretary)


# --- plan and register ---------------------------------------------------------------------------------------------------


def report_on_plan(cast: Cast) -> None:
    from boget.portal.meetings.models import PlanItem
    from boget.portal.meetings.services.progress import ItemReport, confirm_item, postpone_item, report_on_item

    items = {item.number: item for item in PlanItem.objects.filter(plan__year=2022)}
    said = ItemReport(
        done="Проведён двухдневный семинар.", result="Обучено 40 специалистов.", evidence="Письмо 12-3/45", state="done"
    )
    report_on_item(items[2], said, by=cast.editor, version=items[2].version)
    items[2].refresh_from_db()
    confirm_item(items[2], by=cast.secretary, version=items[2].version)
    postpone_item(items[6], "2022-Q4", reason="Ждём перевода обзора.", by=cast.secretary, version=items[6].version)


def make_snapshots(cast: Cast) -> None:
    """Two snapshots with a change of the register between them."""
    from boget.portal.accounts.services import actor_of
    from boget.portal.registry.models import Facility
    from boget.portal.registry.services import Source, change_values
    from boget.portal.registry.services.snapshots import make_snapshot
    from boget.portal.registry.values import Claim

    by = actor_of(cast.editor)
    make_snapshot("До пересмотра", by=by, note="Перед сверкой двух ведомств.")
    facility = Facility.objects.get(public_id="KZ-0030")
    claim = Claim(value=1968, source="Паспорт объекта")
    source = Source("Паспорт объекта", reason="сверка")
    change_values(facility, {"start_year": claim}, source=source, actor=by, version=facility.version)
    make_snapshot("После пересмотра", by=by)


# --- meetings ------------------------------------------------------------------------------------------------------------


def start_meeting(cast: Cast, *, number: int, days: int) -> Meeting:
    """A meeting on a day from today, its agenda filled, the members on its list."""
    from django.utils import timezone

    from boget.portal.meetings.services.agenda import fill_agenda
    from boget.portal.meetings.services.attendance import take_over_members
    from boget.portal.meetings.services.meetings import create_meeting

    starts = (timezone.now() + dt.timedelta(days=days)).replace(minute=0, second=0, microsecond=0)
    values = {
        "number": number, "starts_at": starts, "ends_at": starts + dt.timedelta(hours=3), "mode": "hybrid",
        "place": "Астана, проспект Мәңгілік Ел, 8", "link": "https://video.example/desk", "languages": "ru,kk",
        "host": "МЧС", "funder": "ОБСЕ",
    }  # fmt: skip
    meeting = create_meeting(values, by=cast.secretary)
    fill_agenda(meeting, by=cast.secretary, version=meeting.version)
    take_over_members(meeting, by=cast.secretary)
    meeting.refresh_from_db()
    return meeting


def hold_meeting(cast: Cast) -> Meeting:
    """A meeting of last month: minutes with a table, two texts of one part, decisions; the draft is open for comments."""
    from boget.portal.meetings.services import meetings, minutes_steps
    from boget.portal.meetings.services.attendance import mark_presence

    meeting, by = start_meeting(cast, number=HELD, days=-30), cast.secretary
    mark_presence(meeting, {row.pk: True for row in meeting.attendance.all()}, by=by)
    meetings.adopt_agenda(meeting, by=by, version=meeting.version)
    meetings.mark_held(meeting, by=by, version=read_version(meeting))
    write_minutes(cast, meeting)
    minutes_steps.close_meeting(meeting, by=by, version=read_version(meeting))
    until = today() + dt.timedelta(days=7)
    minutes_steps.open_comments(meeting, until=until, by=by, version=read_version(meeting))
    comment = minutes_steps.add_comment(meeting, "Уточнить срок в решении 1.", by=cast.editor)
    minutes_steps.add_comment(meeting, "Добавить перечень объектов.", by=cast.inspector)
    minutes_steps.answer_comment(comment, is_accepted=True, answer="Уточнено.", by=by)
    meeting.refresh_from_db()
    return meeting


def read_version(record: Any) -> int:
    record.refresh_from_db()
    return int(record.version)


def write_minutes(cast: Cast, meeting: Meeting) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from boget.portal.meetings.services.documents import store_document
    from boget.portal.meetings.services.minutes import save_block

    first, second = meeting.items.order_by("position")[:2]
    save_block(first, "heard", "ru", html=TABLE, version=0, by=cast.secretary)
    save_block(first, "spoke", "ru", html="<p>Поддержали.</p>", version=0, by=cast.secretary)
    save_block(first, "spoke", "ru", html="<p>Предложили добавить сроки.</p>", version=0, by=cast.deputy)
    save_block(first, "dissent", "ru", html="<p>Особое мнение МИД: срок мал.</p>", version=0, by=cast.secretary)
    note = SimpleUploadedFile("spravka.txt", "Справка".encode())
    store_document(meeting, note, {"title": "Справка о ходе работ", "level": 1}, by=cast.secretary)
    decide(cast, meeting, [first, second])


def decide(cast: Cast, meeting: Meeting, items: list[AgendaItem]) -> None:
    """One decision that became an action, one that waits to become one, one that was taken note of."""
    from boget.portal.meetings.services.decisions import record_decision, turn_into_action

    by, due = cast.secretary, "2027-03"
    values = {"text_ru": "Обновить карту хвостохранилищ.", "due": due, "outcome": "action", "vote_form": "consensus"}
    done = record_decision(meeting, items[0], values, responsible=[cast.ministry, cast.company], by=by)
    turn_into_action(done, by=by)
    voted = {"vote_form": "vote", "votes_for": 3, "votes_against": 1, "dissent": "Представитель МИД против."}
    waits = {"text_ru": "Провести учение на реке Ертис.", "due": due, "outcome": "action", **voted}
    record_decision(meeting, items[1], waits, responsible=[cast.host], by=by)
    noted = {"text_ru": "Принять доклад к сведению.", "outcome": "none", "vote_form": "noted"}
    record_decision(meeting, items[1], noted, by=by)


def plan_meeting(cast: Cast) -> None:
    """A meeting to come with its invitations sent."""
    from boget.portal.meetings.services.attendance import add_participant
    from boget.portal.meetings.services.calendar import make_feed
    from boget.portal.meetings.services.invitations import send_invitations

    meeting = start_meeting(cast, number=COMING, days=20)
    guest = {"name": "Серикова Айгуль", "post": "главный инженер", "organisation": cast.company, "email": cast.operator.email}
    add_participant(meeting, guest, by=cast.secretary)
    send_invitations(meeting, by=cast.secretary, version=read_version(meeting))
    make_feed(cast.secretary)


# --- actions, positions, seminars, reports -------------------------------------------------------------------------------


def act(cast: Cast, held: Meeting) -> None:
    """Actions late, moved, blocked, claimed; a version of their plan approved and the next one drafted."""
    from boget.portal.actions.services import plans, story
    from boget.portal.actions.services.parts import Origin, Party
    from boget.portal.registry.models import Facility

    by, facility = cast.secretary, Facility.objects.get(public_id="KZ-0001")
    own, company = [Party(cast.ministry, "lead")], [Party(cast.company, "lead"), Party(cast.host, "support")]
    item = [Origin("plan_item", "2022/3", "Пересмотр и обновление инвентаризации")]

    def make(title: str, parties: list[Party], **values: Any) -> Action:
        words = {"title": title, "language": "ru", "due": "2027-06", **values}
        return story.propose_action(words, parties=parties, origins=item, by=by, state="approved")

    make(LATE_ACTION, own, due="2026-06", funding="unfunded", cost_kzt="12500000")
    moved = make("Пробурить наблюдательные скважины", company, facility=facility, indicator="скважин", baseline="0", target="6")
    story.postpone(moved, by=by, version=moved.version, text="Зима.", new_due="2027-Q4", allowed_by=f"решение {held.number}.1")
    moved.refresh_from_db()
    story.block(moved, by=cast.operator, version=moved.version, text="Нет допуска на площадку.")
    claimed = make(
        "Обучить смену обходу дамбы", company, expected_result="Смена обучена.", objective="Раннее обнаружение течи."
    )
    story.report_progress(claimed, by=cast.operator, version=claimed.version, text="Обучена половина.", percent=50)
    claimed.refresh_from_db()
    story.claim_done(claimed, by=cast.operator, version=claimed.version, text="Обучены все.", evidence="Журнал от 12.11.2026")
    story.propose_action({"title": "Купить дрон для облётов", "language": "ru"}, parties=[], by=by)
    plans.approve_version(plans.draft_version("План мер 2026 года", by=by), approved_by=f"{held.number}.1", by=by)
    plans.draft_version("План мер 2027 года", by=by)


def propose(cast: Cast) -> None:
    """A proposal with positions and a discussion, and a draft."""
    from boget.portal.meetings.models import WorkingGroup
    from boget.portal.meetings.services import positions as services

    group, until = WorkingGroup.objects.get(), today() + dt.timedelta(days=14)
    text = "Проводить учения раз в два года.\n\nОповещать соседей за сутки."
    title = "О порядке трансграничных учений"
    proposal = services.create_proposal(group, title=title, text=text, language="ru", by=cast.secretary)
    services.open_proposal(proposal, closes_on=until, version=proposal.version, by=cast.secretary)
    proposal.refresh_from_db()
    words = text.replace("за сутки", "за двое суток")
    services.add_text(proposal, title=title, text=words, note="Срок.", version=proposal.version, by=cast.secretary)
    said = {"text_number": 2, "organisation": cast.ministry, "by": cast.editor}
    services.state_position(proposal, stance="agree_if", remark="Указать, кто оповещает.", **said)
    services.state_position(
        proposal, text_number=2, organisation=cast.host, stance="object", remark="Мало времени.", by=cast.secretary
    )
    first = services.add_remark(proposal, text="Кого считать соседями?", paragraph=2, by=cast.editor)
    services.add_remark(proposal, text="Страны ниже по течению.", parent=first, by=cast.secretary)
    services.create_proposal(group, title="О паспорте объекта", text="Паспорт един.", language="ru", by=cast.secretary)


def hold_seminars(cast: Cast) -> None:
    """One to come with its programme and quiz, one of today that was held: attendance, answers, certificates."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.utils import timezone

    from boget.portal.meetings.services import seminars as services
    from boget.portal.meetings.services.agenda import add_item
    from boget.portal.meetings.services.documents import store_document
    from boget.portal.meetings.services.meetings import create_meeting

    by = cast.secretary
    for number, title, moment in (
        (1, "Изучение руководящих документов Конвенции", timezone.now()),
        (2, "Инструментарий по безопасности хвостохранилищ", timezone.now() + dt.timedelta(days=40)),
    ):
        values = {"number": number, "title_ru": title, "starts_at": moment, "mode": "online", "languages": "ru,kk"}
        seminar = create_meeting(values, by=by, kind="seminar")
        for topic in ("Введение", "Контрольный перечень"):
            talk = {"kind": "talk", "title_ru": topic, "speaker": "Ахметов Ерлан", "minutes_planned": 45}
            add_item(seminar, talk, by=by, version=read_version(seminar))
        services.set_quiz(seminar, QUIZ, by=by)
        rows = [services.register(seminar, by=person) for person in (cast.editor, cast.operator)]
        rows.append(services.add_guest(seminar, name="Серикова Айгуль", organisation_text="ТОО «Пример»", by=by))
        notes = SimpleUploadedFile("programme.txt", f"Материалы {number}".encode())
        store_document(seminar, notes, {"title": "Материалы семинара", "level": 0}, by=by)
        if number == 1:
            services.take_attendance(seminar, {row.pk: True for row in rows}, by=by)
            chosen = {question.pk: question.right for question in seminar.questions.all()}
            services.answer_quiz(rows[0], chosen, by=cast.editor)
            services.mark_held(seminar, by=by, version=read_version(seminar))


def make_reports(cast: Cast) -> None:
    """A report released in the three languages, a draft of the next, a job that makes its file."""
    from boget.portal.core.levels import Level
    from boget.portal.reports.progress import services

    by, languages = cast.secretary, ["ru", "kk", "en"]
    year = {"since": dt.date(2022, 1, 1), "until": dt.date(2022, 12, 31)}
    released = services.start_report(year=2022, languages=languages, level=Level.PUBLIC, by=by, **year)
    services.release_report(released, version=released.version, by=by)
    later = {"since": dt.date(2023, 1, 1), "until": today()}
    draft = services.start_report(year=2022, languages=languages, level=Level.GROUP, by=by, **later)
    services.request_file(draft, form="xlsx", language="ru", by=by)


# --- runs ----------------------------------------------------------------------------------------------------------------


def repeat_example(cast: Cast) -> None:
    """A second run beside the one of the demonstration; a worker computes both before the site opens."""
    from boget.portal.scenarios.models import Run
    from boget.portal.scenarios.services.runs import repeat_run

    repeat_run(Run.objects.get(), by=cast.expert)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "boget.portal.settings")
    django.setup()
    fill()
