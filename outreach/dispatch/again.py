"""May the same be said once more, under the key under which it was said before?

Pure. The checks of the gate, but for the touch's own attempts, since all calls under one key are
one contact, and for rivals, which have waited for this contact ever since it began. Should the
first call never have arrived, the person hears of it now: so caps and distances are asked of now.
"""

from dataclasses import replace

from outreach.dispatch import gate
from outreach.dispatch.model import Facts, Verdict

CHAIN: tuple[gate.Check, ...] = (
    gate.consent, gate.care_hold, gate.place_known, gate.within_hours, gate.on_its_days,
    gate.under_caps, gate.apart, gate.still_useful,
)  # fmt: skip


def judge(facts: Facts) -> Verdict:
    """The first check that objects decides; what is held stays in doubt, to be looked into."""
    others = tuple(one for one in facts.attempts if one.touch_id != facts.touch.id)
    return gate.judge(replace(facts, attempts=others), CHAIN)
