"""What speaks against letting this campaign go live?

A campaign and its templates are written by different people at different times. Whether they fit
is asked when a version is put up for review and again when it goes live, not at the first contact.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from optout.model import Purpose
from outreach.campaigns import confirming
from outreach.campaigns.model import Campaign
from outreach.campaigns.steps import Step, placed
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
) -> list[Objection]:
    """Everything that speaks against it, in the order of the steps; `locale` is the brand's.

    `surveys` are those that there are.
    """
    return [Objection(path, said) for path, said in confirming.objections(campaign)] + [
        Objection((*at, *path), sentence)
        for at, step in placed(campaign.steps)
        if isinstance(step, Step)
        for path, sentence in (
            *_of_step(campaign, step, templates.get(step.template), locale),
            *_of_survey(step, surveys),
        )
    ]


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


def _promotes(step: Step, template: Template, purpose: Purpose) -> str:
    return (
        f"template `{step.template}` is for {template.purpose}, and this step contacts for "
        f"{purpose}: permission for the one is none for the other"
    )
