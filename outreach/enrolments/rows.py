"""As which rows do passages and their touches reach the statements that store them?"""

from collections.abc import Iterator
from uuid import UUID

from outreach.db.given import Given
from outreach.enrolments.model import Declined, Further, Plan, PlannedTouch

Row = tuple[object, ...]

PASSAGES = Given(
    "passages",
    {
        "id": "uuid", "campaign_id": "uuid", "person_id": "uuid", "event_id": "uuid",
        "state": "text", "planned": "smallint", "reason": "text", "detail": "text",
    },
)  # fmt: skip
TOUCHES = Given(
    "touches",
    {
        "id": "uuid", "enrolment_id": "uuid", "campaign_id": "uuid", "person_id": "uuid",
        "step": "smallint", "channel": "text", "purpose": "text", "priority": "smallint",
        "due_at": "timestamptz", "useless_after": "timestamptz", "reason": "text", "held": "text",
    },
)  # fmt: skip


def passage(plan: Plan | Declined) -> Row:
    """One row of `PASSAGES`."""
    named = plan.enrolment_id, plan.campaign_id, plan.person_id, plan.event_id
    if isinstance(plan, Declined):
        return (*named, "declined", 0, plan.reason, plan.detail)
    return (*named, "active", len(plan.touches), None, None)


def touches(plan: Plan | Further) -> Iterator[Row]:
    """Rows of `TOUCHES`: what this plan asks for."""
    of = plan.enrolment_id, plan.campaign_id, plan.person_id
    return (_touch(of, one) for one in plan.touches)


def _touch(of: tuple[UUID, UUID, UUID], touch: PlannedTouch) -> Row:
    return (
        touch.id, *of, touch.step, touch.channel, touch.purpose, touch.priority,
        touch.due_at, touch.useless_after, touch.reason, touch.held,
    )  # fmt: skip
