"""Does a brand speak through its own account, alone, and is that kept from everybody else?"""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from optout.model import Channel
from outreach.app import Outreach
from outreach.channels import own
from outreach.channels.memory import Memory
from outreach.channels.own import OwnWays
from outreach.channels.protocol import Refused
from outreach.db.engine import BrandRef
from outreach.errors import Conflict, Misconfigured, NotFound
from tests import builders as b
from tests.channels.builders import a_text

URL = "twilio://AC1:hidden@"
NUMBER = "+351210001234"
AT_NOON = {"zone": "Europe/Lisbon", "country": "PT", "subdivision": "", "phone": NUMBER}


def given(app: Outreach, brand: BrandRef, url: str = URL, channel: Channel = Channel.SMS) -> None:
    with app.means.database.begin(brand) as tx:
        own.put(tx, brand, channel, url, sealing=app.sealing, now=app.means.clock())


def test_each_brand_speaks_through_its_own_account(app: Outreach) -> None:
    """And one without through the installation's, until the account is given up."""
    shared, opened = Memory(), dict[str, Memory]()

    def remember(brand: BrandRef, channel: Channel, url: str) -> Memory:
        assert (channel, url) == (Channel.SMS, URL)
        return opened.setdefault(brand.key, Memory())

    ways = OwnWays(app.means.database, app.sealing, remember, keep=-1)
    means = replace(app.means, ways={**app.means.ways, Channel.SMS: shared}, own=ways.of)
    app = replace(app, means=means)
    lumen, other = b.a_brand(app), b.a_brand(app, "other")
    given(app, lumen)
    for brand in (lumen, other):
        b.a_live_campaign(app, brand, steps=[b.a_step(channels=["sms"])], purpose="service")
        person = b.a_person(app, brand, **AT_NOON)
        b.accepted(app, brand, b.an_event(app, brand, person))
    b.everything_due(app)
    assert [one.brand for one in opened["lumen"].reached] == ["lumen"]
    assert [one.brand for one in shared.reached] == ["other"]
    with app.means.database.begin(lumen) as tx:
        own.drop(tx, Channel.SMS, now=app.means.clock())
        with pytest.raises(NotFound):
            own.drop(tx, Channel.SMS, now=app.means.clock())
    assert ways.of(lumen).ways == {}
    assert ways.of(lumen).since[Channel.SMS] > app.means.clock()


def test_an_account_is_sealed_and_opens_for_its_brand_alone(app: Outreach) -> None:
    """Moved to another brand's row it opens nothing, and nothing leaves by another account."""
    lumen, other = b.a_brand(app), b.a_brand(app, "other")
    given(app, lumen)
    with app.means.database.begin(lumen) as tx:
        kept = tx.execute(text("select url from outreach.accounts")).scalar_one()
        assert (
            own.unsealed(tx, sealing=app.sealing) == own.seal(tx, lumen, sealing=app.sealing) == 0
        )
    assert "hidden" not in kept
    given(app, other)
    with app.means.database.begin(other) as tx:
        tx.execute(text("update outreach.accounts set url = :url"), {"url": kept})
    [(_, answer)] = app.own.of(other).ways[Channel.SMS].hand_over([a_text()])
    assert isinstance(answer, Refused)
    assert (answer.reason, answer.permanent) == ("login", False)
    assert "hidden" not in answer.detail
    given(app, other)  # as its refusal says: set anew


def test_a_host_that_a_customer_names_is_reached_through_the_guard(app: Outreach) -> None:
    """Nobody looks around in the installation's own network by it."""
    lumen = b.a_brand(app)
    given(app, lumen, "twilio+http://AC1:hidden@127.0.0.1:9")
    [(_, answer)] = app.own.of(lumen).ways[Channel.SMS].hand_over([a_text()])
    assert isinstance(answer, Refused)
    assert answer.reason == "unreachable"
    assert "127.0.0.1" in answer.detail


@pytest.mark.parametrize(
    ("url", "channel"),
    [
        ("https://token@sms.example/send", Channel.SMS),
        ("smtp://user:word@mail.example", Channel.EMAIL),
        ("gateway+https://u:p@sms.example?document=/etc/passwd", Channel.SMS),
        ("console:", Channel.SMS),
        ("", Channel.SMS),
        (" ", Channel.SMS),
        ("twilio://AC1:hidden@", Channel.EMAIL),
        ("twilio://AC1@", Channel.SMS),
    ],
)
def test_what_is_no_account_of_a_brand_is_refused(
    app: Outreach, url: str, channel: Channel
) -> None:
    """Relays and gateways are the installation's; no refusal repeats a secret."""
    lumen = b.a_brand(app)
    with pytest.raises(Misconfigured) as refused:
        given(app, lumen, url, channel)
    assert "hidden" not in str(refused.value)


def test_a_provider_has_one_account_of_a_brand(app: Outreach) -> None:
    """By its name alone its pushes are told apart."""
    lumen = b.a_brand(app)
    given(app, lumen, "webhook+https://whsec_aGlkZGVu@hooks.example", Channel.CHAT)
    given(app, lumen, "webhook+https://whsec_aGlkZGVu@hooks.example/new", Channel.CHAT)
    with pytest.raises(Conflict, match="carries chat"):
        given(app, lumen, "webhook+https://whsec_aGlkZGVu@hooks.example", Channel.SMS)


def test_an_account_is_looked_after_now_and_then(app: Outreach) -> None:
    """One that stays as it was stays open; one that changed is closed, and opened anew."""
    lumen, seconds = b.a_brand(app), [0.0]
    ways = OwnWays(
        app.means.database, app.sealing, lambda *_: Memory(), keep=5, steady=lambda: seconds[0]
    )
    given(app, lumen)
    first = ways.of(lumen).ways[Channel.SMS]
    given(app, lumen, URL.replace("hidden", "newer"))
    assert ways.of(lumen).ways[Channel.SMS] is first
    seconds[0] = 6.0
    second = ways.of(lumen).ways[Channel.SMS]
    assert second is not first
    seconds[0] = 12.0
    assert ways.of(lumen).ways[Channel.SMS] is second
    since = ways.of(lumen).since[Channel.SMS]
    assert since - app.means.clock() == timedelta(minutes=1)
    ways.close()
