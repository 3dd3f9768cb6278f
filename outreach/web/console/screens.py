"""Which routes make the console? Those of each screen; of a path that two would take, the first."""

from fastapi import APIRouter

from outreach.web.console import (
    call,
    campaigns,
    choices,
    consent,
    desk,
    hours,
    lead,
    people,
    personal,
    planned,
    portal,
    quality,
    reports,
    reviewing,
    setup,
    surveys,
    texts,
    today,
    unsent,
    why,
)

ROUTERS: tuple[APIRouter, ...] = tuple(
    screen.router
    for screen in (
        choices, today, reviewing, campaigns, texts, planned, why, unsent, people, personal,
        desk, call, lead, quality, consent, hours, surveys, reports, portal, setup,
    )
)  # fmt: skip
