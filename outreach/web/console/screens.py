"""Which routes make the console? Those of each screen; of a path that two would take, the first."""

from fastapi import APIRouter

from outreach.web.console import (
    call,
    campaigns,
    choices,
    consent,
    desk,
    exports,
    hours,
    lead,
    legal_holds,
    me,
    people,
    personal,
    planned,
    portal,
    proofs,
    quality,
    reports,
    reviewing,
    seats,
    setup,
    shifts,
    surveys,
    texts,
    today,
    unsent,
    why,
)

ROUTERS: tuple[APIRouter, ...] = tuple(
    screen.router
    for screen in (
        choices, me, today, reviewing, proofs, campaigns, texts, planned, why, unsent, people,
        personal, legal_holds, exports, desk, call, lead, shifts, quality, consent, hours, surveys,
        reports, portal, seats, setup,
    )
)  # fmt: skip
