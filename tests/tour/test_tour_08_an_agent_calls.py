"""Eight: an agent calls."""

from datetime import timedelta

from outreach.app import Outreach
from outreach.callbacks import desk, endings, sweeping
from outreach.clock import SteppedClock
from tests import builders as b
from tests.tour.saying import explained


def test_an_agent_calls(app: Outreach, clock: SteppedClock) -> None:
    """A day after a delivery to a VIP, somebody rings to ask whether all is well.

    An agent is a channel like any other. The touch passes the same gate, and handing it over opens
    a *task*. Before an agent gets to see the number, the task is judged again: this one may be
    called now. How the call ended is the *disposition*, which is the receipt of this channel; for
    ten seconds the agent may take it back.
    """
    lumen = b.a_brand(app)
    ada = b.a_person(app, lumen, "ada", phone="+12125550123")
    b.a_campaign(app, lumen, "delivery-check-call")
    b.accepted(app, lumen, b.an_event(app, lumen, ada, tier="vip"))
    clock.step_to(b.NOON + timedelta(days=1, hours=2))
    b.everything_due(app)

    task = desk.take(app.means, lumen, agent="agent-1")
    assert task is not None
    assert task.number == "+12125550123"
    assert desk.take(app.means, lumen, agent="agent-2") is None  # it is in agent-1's hands

    closing = endings.Closing("reached")
    endings.close(app.means, lumen, task.id, agent="agent-1", closing=closing)
    clock.step_to(clock() + endings.UNDO)
    sweeping.sweep(app.means, lumen)

    [call] = explained(app, lumen, ada)
    assert (call.channel, call.state) == ("voice", "delivered")
