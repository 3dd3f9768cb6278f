"""Is a replay told while it passes, as lines and as a page, and does it end when nobody reads?"""

import json
from contextlib import nullcontext
from threading import Event
from uuid import UUID

from outreach.app import Outreach
from outreach.errors import NotFound
from outreach.replay import load, page
from outreach.replay.asked import Answer, Question
from outreach.replay.ground import Ground
from outreach.replay.model import Row
from outreach.replay.moments import Days
from outreach.replay.review import Assumed
from outreach.replay.stream import Lines, Wanted
from outreach.replay.totals import Totals
from tests import builders as b
from tests.waiting import wait_until


def _parcel(ref: str) -> bytes:
    event = {
        "source": "shop", "type": "parcel.delivered", "subject": ref, "time": b.NOON.isoformat(),
        "data": {"parcel": f"P-{ref}", "product": "Lumen One"},
    }  # fmt: skip
    return json.dumps(event).encode()


def test_days_contacts_and_the_answer_are_told_in_turn(app: Outreach, ground: Ground) -> None:
    """Each contact with what it rests on, no more of them than asked for, and all in the sums."""
    brand, ended = b.a_brand(app), Event()
    b.a_live_campaign(app, brand)
    for ref in ("ada", "bo"):
        b.a_person(app, brand, ref)
    asked = Question("reminder", events=[_parcel("ada"), _parcel("bo")])
    wanted = Wanted(asked, most=1, capacities=list(load.read(["email=0"])), scale=3)

    told = list(Lines(app, brand, wanted, place=lambda: nullcontext(ground), ended=ended.set))

    assert [next(iter(line)) for line in told] == ["at", "row", "answer"]
    row, said = told[1]["row"], told[2]["answer"]
    assert isinstance(row, dict)
    assert isinstance(said, dict)
    assert (row["person"], row["outcome"], row["channel"]) == ("ada", "send", "email")
    assert row["local"] == ("2026-03-10 08:00",)
    assert row["pack"] == app.means.packs.version
    assert len(row["facts"]) == 16
    assert (said["rows"], said["scale"], len(said["breaks"])) == (2, 3, 1)
    assert ended.is_set()


def test_what_goes_wrong_is_the_last_line(app: Outreach) -> None:
    def nowhere() -> nullcontext[Ground]:
        raise NotFound("there is no ground")

    def broken() -> nullcontext[Ground]:
        raise ValueError("ada@customers.example")

    brand = b.a_brand(app)
    wanted = Wanted(Question("reminder", events=[]))
    (named,) = Lines(app, brand, wanted, place=nowhere)
    (unnamed,) = Lines(app, brand, wanted, place=broken)
    assert named == {"error": {"code": "not-found", "sentence": "there is no ground"}}
    assert "ada" not in str(unnamed)


def test_nobody_who_reads_is_an_end(app: Outreach, ground: Ground) -> None:
    """Given up before its first line, it ends and says so."""
    brand, ended, begun = b.a_brand(app), Event(), Event()
    b.a_live_campaign(app, brand)
    b.a_person(app, brand, "ada")

    def place() -> nullcontext[Ground]:
        begun.wait(10)
        return nullcontext(ground)

    wanted = Wanted(Question("reminder", events=[_parcel("ada")]))
    lines = Lines(app, brand, wanted, place=place, ended=ended.set)
    del lines
    begun.set()
    wait_until(ended.is_set)


def test_the_page_shows_contacts_and_acts_on_nothing() -> None:
    """Theirs and ours, the reason in words, and text as text."""
    row = Row(
        UUID(int=1),
        "ada", "parcel.delivered:P-1", "reminder", 2, "one", "email", "service", "skip",
        "no_address", b.NOON, ("Asia/Tokyo",), ("2026-03-10 21:00",), b.NOON, "pack-7", "ab" * 32,
        "<script>alert(1)</script>",
    )  # fmt: skip
    answer = Answer("reminder", Days(b.NOON, b.NOON), Totals(rows=2, people=1), 1, "pack-7")
    english = page.replayed(answer, [row], Assumed(), (), "en")
    chinese = page.replayed(answer, [row], Assumed(), (), "zh-CN")
    for part in ("2026-03-10 21:00 Asia/Tokyo", "pack-7", "abababababababab", "1 / 2"):
        assert part in english
    assert "there is no address for the channel" in english
    assert "没有该渠道的联系方式" in chinese
    assert "<script>" not in english
