"""What other systems are known to get wrong about refusals: does it hold here?"""

from datetime import UTC, datetime, timedelta

import pytest

from optout.identity import Hasher, email
from optout.keys import Key
from optout.ledger import MemoryLedger
from optout.model import Channel, How, Purpose, Reason
from optout.reading import Intent, Scope, read
from optout.registry import Registry

T0 = datetime(2026, 3, 2, 9, tzinfo=UTC)
JO = email("jo@example.com")


@pytest.fixture
def registry() -> Registry:
    return Registry(MemoryLedger(), Hasher([Key(1, b"k" * 32)]))


def reason(registry: Registry, brand: str = "north") -> Reason:
    asked = registry.question(
        brand=brand, identity=JO, channel=Channel.EMAIL, purpose=Purpose.SURVEY
    )
    return registry.ask(None, asked).reason


def said(hour: int, brand: str | None = "north", how: How = How.REPLY) -> dict[str, object]:
    at = T0 + timedelta(hours=hour)
    return {"brand": brand, "identity": JO, "how": how, "evidence": "m", "effective_at": at}


def test_coming_again_by_file_makes_nobody_active(registry: Registry) -> None:
    """A re-import that "replaces duplicates" resets no status."""
    registry.withdraw(None, **said(0))
    for hour in (1, 2, 3):
        registry.grant(None, **said(hour, how=How.IMPORT))
    assert reason(registry) is Reason.WITHDRAWN


def test_a_column_that_says_false_lifts_no_block(registry: Registry) -> None:
    registry.block(None, **said(0, how=How.COMPLAINT))
    registry.lift(None, **said(1, how=How.IMPORT))
    assert reason(registry) is Reason.BLOCKED


def test_leaving_one_brand_leaves_no_other(registry: Registry) -> None:
    for brand in ("north", "south"):
        registry.grant(None, **said(0, brand))
    registry.withdraw(None, **said(1, "north"))
    assert (reason(registry, "north"), reason(registry, "south")) == (
        Reason.WITHDRAWN, Reason.GRANTED,
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "We have got to STOP this bill", "don't stop now", "nothing can stop us",
        "meet you at the bus stop", "a non-stop flight please", "I can't stop loving it",
    ],
)  # fmt: skip
def test_a_text_that_only_contains_stop_withdraws_nothing(text: str) -> None:
    """Some may be doubted, and a person looks."""
    assert read(text, country="US").intent in {Intent.NONE, Intent.UNSURE}


@pytest.mark.parametrize(
    "text",
    ["STOP.", "Stop please", "stop 12345", "STOPALL", "ＳＴＯＰ", "S T O P", '"stop"', "Stop!!"],
)
def test_stop_is_no_exact_match(text: str) -> None:
    """Nor does it need one: in whatever dress it comes, it is the word."""
    heard = read(text, country="US")
    assert (heard.intent, heard.scope) == (Intent.WITHDRAW, Scope.ALL)


@pytest.mark.parametrize("text", ["when do we start", "start the engine first", "yes", "starting"])
def test_only_a_keyword_alone_brings_back(text: str) -> None:
    assert read(text, country="US").intent is not Intent.RESTORE
