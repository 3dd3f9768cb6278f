"""Can a campaign that a refusal begins do anything but confirm it once?"""

import pytest

from outreach.campaigns import confirming, document
from tests import builders as b

BEGUN = {"trigger": {"event": "consent.withdrawn"}, "purpose": "transactional"}


def objected(key: str = confirming.KEY, **changes: object) -> list[str]:
    campaign = document.read(b.written(key, **BEGUN | changes), name="x")
    return [sentence for _, sentence in confirming.objections(campaign)]


def test_the_librarys_own_is_sound() -> None:
    campaign = document.read(document.library()[confirming.KEY], name="x")
    assert confirming.begins(campaign)
    assert list(confirming.objections(campaign)) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"key": "news"}, "one campaign alone"),
        ({"purpose": "marketing"}, "neither promotes nor asks"),
        ({"steps": [b.a_step(purpose="survey")]}, "neither promotes nor asks"),
        ({"steps": [b.a_step("one"), b.a_step("two")]}, "one message on each channel"),
        ({"steps": [b.a_step("a", kind="callback", channels=["voice"])]}, "by a message"),
        (
            {
                "steps": [
                    {
                        "key": "w", "kind": "wait", "at_most": "1 d",
                        "until": {"event": "order.paid"},
                    },
                    b.a_step(),
                ]
            },
            "remove what comes before",
        ),
    ],
)  # fmt: skip
def test_what_does_more_may_not_go_live(changes: dict[str, object], said: str) -> None:
    assert any(said in sentence for sentence in objected(**changes))


def test_other_campaigns_are_none_of_its_business() -> None:
    campaign = document.read(b.written(purpose="marketing"), name="x")
    assert list(confirming.objections(campaign)) == []
