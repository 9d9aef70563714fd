"""Tables of the working group. Only meetings.services writes."""

from boget.portal.meetings.models.group import VOTING_ROLES, GroupBody, GroupPerson, GroupRole, WorkingGroup
from boget.portal.meetings.models.meeting import (
    AgendaItem,
    AgendaKind,
    Answer,
    Attendance,
    AttendanceRole,
    Meeting,
    MeetingDocument,
    MeetingKind,
    MeetingMode,
    MeetingState,
)
from boget.portal.meetings.models.minutes import (
    BlockPart,
    Decision,
    DecisionOutcome,
    DecisionParty,
    MinuteBlock,
    MinuteBlockVersion,
    MinutesComment,
    MinutesState,
    MinutesVersion,
    VoteForm,
)
from boget.portal.meetings.models.plan import (
    Deliverable,
    DeliverableKind,
    ItemParty,
    ItemPartyRole,
    ItemState,
    PlanItem,
    PlanReport,
    PlanState,
    WorkPlan,
)
from boget.portal.meetings.models.position import Position, Proposal, ProposalState, ProposalText, Remark, Stance
from boget.portal.meetings.models.seminar import CalendarFeed, QuizAnswer, QuizQuestion, Registration

__all__ = [
    "VOTING_ROLES",
    "AgendaItem", "AgendaKind", "Answer", "Attendance", "AttendanceRole", "BlockPart", "CalendarFeed", "Decision",
    "DecisionOutcome", "DecisionParty", "Deliverable", "DeliverableKind", "GroupBody", "GroupPerson", "GroupRole",
    "ItemParty", "ItemPartyRole", "ItemState", "Meeting", "MeetingDocument", "MeetingKind", "MeetingMode", "MeetingState",
    "MinuteBlock", "MinuteBlockVersion", "MinutesComment", "MinutesState", "MinutesVersion", "PlanItem", "PlanReport",
    "PlanState", "Position", "Proposal", "ProposalState", "ProposalText", "QuizAnswer", "QuizQuestion", "Registration",
    "Remark", "Stance", "VoteForm", "WorkPlan", "WorkingGroup",
]  # fmt: skip
