"""What speaks against letting this campaign go live?

A campaign and its templates are written by different people at different times. Whether they fit
is asked when a version is put up for review and again when it goes live, not at the first contact.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from optout.model import Channel, Purpose
from outreach.campaigns import agenda, confirming, reminding
from outreach.campaigns.model import Campaign
from outreach.campaigns.pilot import LONGEST_PILOT
from outreach.campaigns.steps import Step, placed
from outreach.campaigns.triggers import AudienceTrigger
from outreach.sentences import Path, nearest
from outreach.surveys.document import library
from outreach.templates import locales
from outreach.templates.model import Template

# Whatever else the law asks, these may be said without permission; a text for one of them does no
# harm in a step that has permission.
_SERVING = frozenset({Purpose.TRANSACTIONAL, Purpose.SERVICE})


@dataclass(frozen=True, slots=True)
class Objection:
    """What is wrong, and at which path of the campaign's document."""

    path: Path
    sentence: str


def objections(
    campaign: Campaign,
    templates: Mapping[str, Template],
    *,
    locale: str,
    surveys: Collection[str] = (),
    now: datetime,
) -> list[Objection]:
    """Everything that speaks against it, in the order of the steps; `locale` is the brand's.

    `surveys` are those that there are.
    """
    reminded = reminding.objections(campaign)
    of_all = (*confirming.objections(campaign), *reminded, *_past(campaign, now))
    return [Objection(path, said) for path, said in of_all] + [
        Objection((*at, *path), sentence)
        for at, step in placed(campaign.steps)
        if isinstance(step, Step)
        for path, sentence in (
            *_of_step(campaign, step, templates.get(step.template), locale),
            *_of_survey(step, surveys),
        )
    ]


def _past(campaign: Campaign, now: datetime) -> Iterator[tuple[Path, str]]:
    """Times that are over, after which nobody would begin."""
    trigger, pilot = campaign.trigger, campaign.pilot
    if isinstance(trigger, AudienceTrigger) and not agenda.coming(trigger, now=now):
        yield ("trigger", "at"), "this time is past everywhere: write one that is still to come"
    if pilot and pilot.until <= now:
        yield ("pilot", "until"), "this trial is over: write an instant to come, or remove `pilot`"
    if pilot and (pilot.success or pilot.stops) and pilot.until > now + LONGEST_PILOT:
        longest = f"{LONGEST_PILOT.days} days"
        yield (
            ("pilot", "until"),
            f"a pilot that is measured ends within {longest}: write an earlier end",
        )


def _of_survey(step: Step, surveys: Collection[str]) -> Iterator[tuple[Path, str]]:
    if step.survey and step.survey not in surveys:
        known = f"there is no survey `{step.survey}`{nearest(step.survey, library())}"
        yield ("survey",), f"{known}: import it with `outreach surveys import`"


def _of_step(
    campaign: Campaign, step: Step, template: Template | None, locale: str
) -> Iterator[tuple[Path, str]]:
    if template is None:
        yield ("template",), f"template `{step.template}` is not imported: import it first"
        return
    purpose = step.serves(campaign.purpose)
    if template.purpose not in {purpose, *_SERVING}:
        at = "purpose" if step.purpose else "template"
        yield (at,), _promotes(step, template, purpose)
    for index, channel in enumerate(step.channels):
        if locales.pick(template, channel=channel, locale=locale) is None:
            wanted = f"add a text for {channel} in `{locale}` to template `{step.template}`"
            yield ("channels", index), f"{wanted}, or remove {channel}"
    if step.kind == "callback" and step.survey and not _asks(template, step.survey):
        wanted = f"write a required question `{step.survey}` into each script"
        yield ("survey",), f"{wanted} of template `{step.template}`: its answer is the survey's"


def _asks(template: Template, survey: str) -> bool:
    """Whether every call with this template asks the question that bears the survey's name."""
    scripts = [by[Channel.VOICE].script for by in template.texts.values() if Channel.VOICE in by]
    return bool(scripts) and all(
        script and any(q.key == survey and q.required for q in script.questions)
        for script in scripts
    )


def _promotes(step: Step, template: Template, purpose: Purpose) -> str:
    return (
        f"template `{step.template}` is for {template.purpose}, and this step contacts for "
        f"{purpose}: permission for the one is none for the other"
    )
