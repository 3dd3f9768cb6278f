"""How often may one passage ask the same survey?

Pure. It is asked, and its person may be reminded once: who has not answered twice has answered.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from outreach.campaigns.model import Campaign
from outreach.campaigns.steps import AnyStep, Branch, Split, Step, placed
from outreach.sentences import Path

MOST = 2  # contacts: the question and one reminder


def objections(campaign: Campaign) -> Iterator[tuple[Path, str]]:
    """What asks too often, with its path in the document: the last step that asks it."""
    asked = _at_most(campaign.steps)
    last = {
        step.survey: path
        for path, step in placed(campaign.steps)
        if isinstance(step, Step) and step.survey
    }
    for survey, path in last.items():
        if asked[survey] > MOST:
            yield (*path, "survey"), f"`{survey}` is asked {asked[survey]} times: remind once"


def _at_most(steps: Sequence[AnyStep]) -> Counter[str]:
    """How often each survey is asked on the way that asks it most."""
    total: Counter[str] = Counter()
    for step in steps:
        total += _of(step)
    return total


def _of(step: AnyStep) -> Counter[str]:
    if isinstance(step, Step):
        return Counter([step.survey] if step.survey else [])
    if isinstance(step, Split):
        return _most(arm.steps for arm in step.arms)
    if isinstance(step, Branch):
        ways = [way.steps for way in step.ways]
        return _most([*ways, step.otherwise.steps] if step.otherwise else ways)
    return Counter()


def _most(ways: Iterable[Sequence[AnyStep]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for way in ways:
        found |= _at_most(way)
    return found
