"""Does an agent take, dial and end a call on these pages, and see of others nothing?"""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from outreach import ids
from outreach.access import roles
from outreach.app import Outreach
from outreach.callbacks import desk
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.templates import store as templates
from outreach.web import rights
from tests import builders as b

NUMBER = "+351210001234"
LISBON = {"zone": "Europe/Lisbon", "country": "PT", "subdivision": "", "phone": NUMBER}
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
SCRIPT = """
key: talk
purpose: service
texts:
  en:
    voice:
      script:
        opening: Hello {{ person.first_name }}.
        questions:
          - {key: well, ask: Is all well?, required: true, answers: [{when: "Yes", then: end}]}
          - {key: wrong, ask: What is wrong?}
        closing: Thank you.
"""


@pytest.fixture(autouse=True)
def owed(app: Outreach, brand: BrandRef) -> None:
    """A call with a script is owed to somebody in Lisbon, at noon."""
    with app.means.database.begin(brand) as tx:
        templates.put(tx, brand, SCRIPT, name="talk")
    call = b.a_step(kind="callback", channels=["voice"], template="talk")
    b.a_live_campaign(app, brand, "calls", steps=[call])
    person = b.a_person(app, brand, "c-1", name=f"Ada {HOSTILE}", **LISBON)
    b.accepted(app, brand, b.an_event(app, brand, person))
    b.everything_due(app)


def taken(console: TestClient) -> str:
    answer = console.post("/desk/next?agent=ana")
    assert answer.status_code == 303
    return answer.headers["location"].partition("?")[0]


def done(console: TestClient, path: str, deed: str, **form: str) -> str:
    answer = console.post(f"{path}/{deed}?agent=ana", data=form)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_a_call_is_taken_dialled_ended_and_taken_back(console: TestClient) -> None:
    """The number is masked until it is dialled; what is left out is asked for first."""
    assert "calls" in console.get("/desk?agent=ana").text
    path = taken(console)
    page = console.get(f"{path}?agent=ana").text
    assert NUMBER not in page
    assert "+35•••34" in page
    assert "Hello Ada" in page
    assert "Europe/Lisbon" in page
    assert 'data-key="1"' in page
    done(console, path, "dial")
    assert f"tel:{NUMBER}" in console.get(f"{path}?agent=ana").text
    form = {"disposition": "reached", "note": "all is <b>well</b>"}
    refused = console.post(f"{path}/close?agent=ana", data=form)
    assert refused.status_code == 422
    assert "ask first" in refused.text
    assert "all is &lt;b&gt;well&lt;/b&gt;" in refused.text
    assert "done=call_ended" in done(console, path, "close", **form, **{"answer.well": "Yes"})
    assert f'action="{path}/undo' in console.get(f"{path}?agent=ana").text
    assert "done=undone" in done(console, path, "undo")
    assert f'action="{path}/close' in console.get(f"{path}?agent=ana").text


def test_enter_in_a_field_ends_no_call(console: TestClient) -> None:
    """The first button of the form says nothing of how it ended."""
    path = taken(console)
    page = console.get(f"{path}?agent=ana").text
    form = page[page.index('id="close"') :]
    first = re.search(r'<button[^>]*name="disposition"[^>]*>', form)
    assert first is not None
    assert 'value=""' in first.group()
    assert console.post(f"{path}/close?agent=ana", data={"disposition": ""}).status_code == 422


def test_a_call_is_promised_on_their_clock_and_kept_for_its_agent(console: TestClient) -> None:
    path = taken(console)
    page = console.get(f"{path}?agent=ana").text
    times = re.findall(r'<option value="(2026-[^"]+)"', page)
    assert times[0] == "2026-03-10T12:00"
    form = {"disposition": "promised", "promised": times[3], "only_me": "on"}
    assert "done=call_ended" in done(console, path, "close", **form)
    wrong = console.post(f"{path}/close?agent=ana", data=form | {"promised": "soon"})
    assert wrong.status_code == 422


def test_a_call_in_other_hands_is_not_seen(console: TestClient) -> None:
    """Neither its card nor its number, whoever knows its address."""
    path = taken(console)
    assert console.get(f"{path}?agent=ben").status_code == 404
    assert "do_not_dial" in console.post(f"{path}/dial?agent=ben").headers["location"]
    done(console, path, "release")
    assert console.get(f"{path}?agent=ana").status_code == 404


def test_nobody_takes_a_call_without_a_name(console: TestClient) -> None:
    """A call is held by somebody, or else anybody could end it."""
    assert console.post("/desk/next").status_code == 422
    assert console.post("/desk/next?agent=%20").status_code == 422


def test_what_is_wrong_becomes_one_case(console: TestClient) -> None:
    path = taken(console)
    form = {"topic": "damage", "what": "a crack"}
    assert "done=case_raised" in done(console, path, "case", **form)
    assert "done=case_joined" in done(console, path, "case", **form)


def test_a_shift_leaves_a_note_to_the_next(console: TestClient) -> None:
    form = {"queue": "calls", "note": HOSTILE}
    answer = console.post("/desk/handover?agent=ana", data=form)
    assert "done=note_left" in answer.headers["location"]
    page = console.get("/desk?agent=ben").text
    assert "&lt;script&gt;alert(1)" in page
    assert "<img" not in page
    assert console.post("/desk/handover?agent=ana", data={"note": " "}).status_code == 422


def test_a_hostile_name_is_text(console: TestClient) -> None:
    path = taken(console)
    for language in ("en", "zh-CN"):
        page = console.get(f"{path}?agent=ana&language={language}").text
        assert HOSTILE not in page
        assert "<img" not in page


def test_a_day_counts_what_was_done(
    console: TestClient, clock: SteppedClock, app: Outreach
) -> None:
    path = taken(console)
    done(console, path, "dial")
    done(console, path, "close", disposition="busy")
    assert "Busy" in console.get("/desk?agent=ana").text
    assert "占线" in console.get("/desk?agent=ana&language=zh-CN").text
    assert "No call has ended yet today." in console.get("/desk?agent=ben").text
    assert app.means.clock() == clock()


def test_an_agent_sees_a_person_only_while_their_call_is_theirs(
    stranger: TestClient, app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    """By every page that the role may open; once the call is over, given back or kept too long."""
    stranger.base_url = stranger.base_url.copy_with(scheme="https")
    sees = {name: seen_by(stranger, app, brand, name) for name in ("ana", "ben")}
    assert not sees["ana"]()
    task = given_to(app, brand, "ana")
    assert sees["ana"](task)
    assert not sees["ben"](task)
    desk.release(app.means, brand, task, agent="ana")
    assert not sees["ana"](task)
    assert given_to(app, brand, "ben") == task
    desk.dial(app.means, brand, task, agent="ben")
    assert not sees["ana"](task)
    assert sees["ben"](task)


def given_to(app: Outreach, brand: BrandRef, agent: str) -> UUID:
    task = desk.take(app.means, brand, agent=agent)
    assert task is not None
    return task.id


def seen_by(
    client: TestClient, app: Outreach, brand: BrandRef, name: str
) -> Callable[..., set[str]]:
    """Asks every page that an agent may open, and answers those that tell of the person."""
    session = b.a_session(app, b.a_user(app, brand, name, role="agent"))
    may = {rights.KNOWN, *(right for right, who in roles.table().rights.items() if "agent" in who)}
    pages = [one for one, right in rights.table().items() if right in may]

    def telling(task: UUID | None = None) -> set[str]:
        shown = ids.shown(ids.TASK, task) if task else "tsk_none"
        found = set()
        for page in pages:
            method, _, path = page.partition(" ")
            if method != "GET":
                continue
            client.cookies.clear()
            client.cookies.set("__Host-outreach", session)
            asked = re.sub(r"\{task\}", shown, path)
            asked = re.sub(r"\{[^}]+\}", "c-1", asked)
            if re.search(r"Ada &lt;|Hello Ada|c-1@customers|tel:", client.get(asked).text):
                found.add(page)
        return found

    return telling
