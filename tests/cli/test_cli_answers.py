"""Does each command answer people in words and machines in JSON, and in nothing else?

One brand, one delivery to a VIP: a mail has gone out, a call is owed.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from outreach import ids
from outreach.app import Outreach
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from tests import builders as b
from tests.cli.conftest import Run

BRAND = {
    "key": "hazel", "name": "Hazel", "locale": "en", "zone": "Europe/Lisbon",
    "profile": {
        "sender_name": "Hazel", "sender_email": "care@hazel.example", "sms_sender": "HAZEL",
        "signature": "Hazel", "support": "help@hazel.example",
    },
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def lumen(shared_app: Outreach) -> BrandRef:
    """The brand, a day and two hours after the delivery."""
    brand = delivered(shared_app, "lumen")
    delivered(shared_app, "aster")  # whose calls are taken
    b.everything_due(shared_app)
    clock = shared_app.means.clock
    assert isinstance(clock, SteppedClock)
    clock.step_to(b.NOON + timedelta(days=1, hours=2))
    b.everything_due(shared_app)
    return brand


def delivered(app: Outreach, key: str) -> BrandRef:
    """A brand that has delivered a parcel to [vip], who is a VIP."""
    brand = b.a_brand(app, key)
    person = b.a_person(app, brand, "[vip]", email="vip@customers.example")
    b.a_live_campaign(app, brand)
    b.a_campaign(app, brand, "delivery-check-call")
    b.accepted(app, brand, b.an_event(app, brand, person, tier="vip"))
    return brand


@pytest.mark.parametrize(
    ("words", "header", "keys"),
    [
        ("brands list", "brand  id", {"brand", "id"}),
        ("campaigns list -b lumen", "campaign  ", {"campaign", "version", "state"}),
        (
            "touches list -b lumen", "touch  ",
            {"touch", "campaign", "channel", "state", "reason", "due_at", "settled_at", "person"},
        ),
        (
            "tasks list -b lumen", "task  ",
            {
                "task", "kind", "state", "queue", "due_at", "held", "holder", "attempts",
                "useless_after",
            },
        ),
    ],
)  # fmt: skip
def test_a_list_is_a_table_or_an_array(
    shared_run: Run, words: str, header: str, keys: set[str]
) -> None:
    told, data = shared_run(*words.split()), shared_run(*words.split(), "--json")
    assert (told.code, told.err, data.code, data.err) == (0, "", 0, "")
    assert told.out.replace("  ", "").startswith(header.replace("  ", ""))
    assert told.out.count("\n") == len(data.json) + 1
    assert set(data.json[0]) == keys


def test_touches_are_found_by_state_reason_and_campaign(shared_run: Run) -> None:
    def found(*words: str) -> int:
        return len(shared_run("touches", "list", "-b", "lumen", "--json", *words).json)

    assert found("--state", "sent", "--campaign", "reminder") == 1
    assert found("--state", "skipped") == found("--reason", "too_late") == 0
    assert found("--limit", "1") == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--state", "snet"), "'snet' is no state of a touch; did you mean `sent`?"),
        (("--reason", "blokced"), "'blokced' is no reason; did you mean `blocked`?"),
        (("--campaign", "x"), "there is no campaign 'x'"),
        (("--limit", "0"), "--limit"),
    ],
)
def test_a_misspelt_filter_is_no_empty_answer(
    shared_run: Run, words: tuple[str, ...], sentence: str
) -> None:
    said = shared_run("touches", "list", "-b", "lumen", *words)
    assert (said.code, said.out) == (2, "")
    assert sentence in said.err


def test_a_person_and_a_touch_are_explained(shared_run: Run) -> None:
    person = shared_run("explain", "[vip]", "-b", "lumen", "--json").json
    [mail] = [one for one in person["touches"] if one["channel"] == "email"]
    assert shared_run("explain", mail["touch"], "-b", "lumen", "--json").json == mail
    told = shared_run("explain", "[vip]", "-b", "lumen").out
    assert all(one["touch"] in told for one in person["touches"])
    assert "It was sent." in shared_run("explain", mail["touch"], "-b", "lumen").out
    chinese = shared_run("explain", mail["touch"], "-b", "lumen", "--language", "zh-CN")
    assert "已发送。" in chinese.out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nobody",), "there is no person 'nobody'; `outreach people import FILE`"),
        (("tch_x",), "'tch_x' is not an id that starts with tch_ and has 26 signs"),
        ((ids.shown(ids.TOUCH, ids.derived("none")),), "there is no such touch"),
        (("[vip]", "--language", "fr"), "'fr' is not one of 'en'"),
    ],
)
def test_what_cannot_be_explained_is_told(
    shared_run: Run, words: tuple[str, ...], sentence: str
) -> None:
    said = shared_run("explain", *words, "-b", "lumen")
    assert (said.code, said.out) == (2, "")
    assert sentence in said.err


def test_somebody_for_whom_nothing_was_planned(
    shared_app: Outreach, shared_run: Run, lumen: BrandRef
) -> None:
    b.a_person(shared_app, lumen, "quiet")
    said = shared_run("explain", "quiet", "-b", "lumen")
    assert said.out == "nothing was ever planned for this person\n"


def test_the_ledger_says_what_it_would_let_go_and_what_went(shared_run: Run) -> None:
    """Nothing here is old; less than 400 days cannot be asked for."""
    counted = shared_run("ledger", "let-go", "-b", "lumen", "--count", "--json").json
    gone = shared_run("ledger", "let-go", "-b", "lumen", "--json").json
    assert (counted["counted"], counted["verdicts"], gone["verdicts"]) == (True, 0, 0)
    said = shared_run("ledger", "let-go", "-b", "lumen", "--days", "800")
    assert said.out.startswith("let go of what ended before ")
    assert shared_run("ledger", "let-go", "-b", "lumen", "--days", "30").code == 2


def test_the_ledger_closes(shared_run: Run) -> None:
    said = shared_run("ledger", "reconcile", "-b", "lumen", "--json")
    assert (said.code, said.json["closes"]) == (0, True)
    assert said.json["campaigns"]["reminder"]["sent"] == 1
    one = shared_run("ledger", "reconcile", "-b", "lumen", "--campaign", "reminder")
    assert "events that wait for their person: 0" in one.out
    assert "delivery-check-call" not in one.out
    wrong = shared_run("ledger", "reconcile", "-b", "lumen", "--campaign", "remnider")
    assert (wrong.code, wrong.out) == (2, "")


def test_a_brand_is_imported_given_a_key_and_stopped(
    shared_run: Run, written: Callable[[str, str], Path]
) -> None:
    file = written("hazel.yaml", json.dumps(BRAND))
    imported = shared_run("brands", "import", file, "--json").json
    assert shared_run("brands", "import", file).out == "brand hazel is there\n"
    assert imported in shared_run("brands", "list", "--json").json
    key = shared_run("brands", "key", "-b", "hazel", "--name", "shop", COLUMNS="20").out
    assert key.count("\n") == 1
    assert shared_run("brands", "key", "-b", "hazel", "--json").json["key"] != key.strip()
    stopped = shared_run("brands", "stop", "-b", "hazel", "--json").json
    assert stopped == {"brand": "hazel", "stopped": True}
    assert shared_run("brands", "stop", "-b", "hazel", "--go-on").out == "brand hazel goes on\n"


def test_a_brand_with_mistakes_says_each_with_its_line(
    shared_run: Run, written: Callable[[str, str], Path]
) -> None:
    file = written("b.yaml", "key: Wrong Key\nname: Hazel\nlocale: en\nzone: Mars/Base\n")
    said = shared_run("brands", "import", file)
    assert (said.code, said.out) == (2, "")
    assert f"{file} cannot be used: 3 problems" in said.err
    assert "line 4, column 7: zone: 'Mars/Base' is no time zone" in said.err


def test_an_agent_takes_a_call_and_closes_it(shared_run: Run) -> None:
    on = ("-b", "aster", "--agent", "a-1")
    taken = shared_run("tasks", "take", *on, "--json").json
    assert taken["number"].startswith("+1212555")
    assert shared_run("tasks", "take", *on).out == "no call may be made now\n"
    assert shared_run("tasks", "take", *on, "--json").json is None
    dial = shared_run("tasks", "dial", taken["task"], *on)
    assert (dial.code, dial.out) == (0, f"dial {taken['number']} now\n")
    other = shared_run("tasks", "dial", taken["task"], "-b", "aster", "--agent", "a-2")
    assert (other.code, other.out) == (2, "")
    wrong = shared_run("tasks", "close", taken["task"], "fine", *on)
    assert (wrong.code, wrong.out) == (2, "")
    assert "'fine' is no disposition; use one of busy" in wrong.err
    closed = shared_run("tasks", "close", taken["task"], "reached", *on, "--note", "all well")
    assert closed.out == f"{taken['task']} is closed: reached\n"
    again = shared_run("tasks", "close", taken["task"], "reached", *on, "--json")
    assert again.code == 2
    assert "the task is ended" in again.err


def test_consent_changes_for_the_addresses_of_a_person(shared_run: Run) -> None:
    on = ("-b", "lumen", "--evidence", "form 7")
    told = shared_run("consent", "change", "[vip]", "grant", *on)
    assert told.out == "grant holds for 2 addresses since 2026-03-11 14:00 UTC\n"
    data = shared_run("consent", "change", "[vip]", "withdraw", *on, "--channel", "sms", "--json")
    assert (data.json["entries"], data.json["in_air"]) == (1, [])
    none = shared_run("consent", "change", "[vip]", "block", *on, "--channel", "chat")
    assert none.out == "nothing to block: this person has no such address\n"
    unknown = shared_run("consent", "change", "nobody", "grant", *on)
    assert (unknown.code, unknown.err) == (2, "error: there is no such person\n")
    wrong = shared_run("consent", "change", "[vip]", "grant", *on, "--channel", "pigeon")
    assert wrong.code == 2
    assert "pigeon" in wrong.err


def test_why_answers_what_would_be(shared_run: Run) -> None:
    """A sentence first, then the check and what would change it."""
    asked = ("why", "[vip]", "--campaign", "reminder", "-b", "lumen")
    told = shared_run(*asked)
    assert told.out.startswith("It would "), told
    data = shared_run(*asked, "--json").json
    assert data["sentence"] == told.out.partition("\n")[0]
    for wrong in (("--at", "soon"), ("--at", "2026-03-11T10:00"), ("--channel", "pigeon")):
        assert shared_run(*asked, *wrong).code == 2
