"""Does an agent copy a text, paste it and say so on these pages, by one key for each?"""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from optout.model import Action, How
from outreach import app as application
from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.inbound.consent import Change, change_person
from outreach.people.model import Person
from outreach.settings import Settings
from tests import builders as b

NICK = "tb_mei88"
AT_NOON = {"zone": "Europe/Lisbon", "country": "PT", "subdivision": "", "phone": "+351210001234"}
SAYS = "Your kettle is there: hold down the <lid>."


@pytest.fixture
def app(settings: Settings) -> Iterator[Outreach]:
    """One whose chat leaves by agents' hands."""
    built = application.build(replace(settings, chat="assisted:"))
    yield built
    built.close()


@pytest.fixture(autouse=True)
def person(app: Outreach, brand: BrandRef) -> Person:
    """Somebody to whom a text is owed, at noon."""
    b.a_text(app, brand, "by-hand", SAYS)
    step = b.a_step(channels=["chat"], template="by-hand")
    b.a_live_campaign(app, brand, "by-hand", steps=[step], purpose="service")
    person = b.a_person(app, brand, "mei", handle=NICK, **AT_NOON)
    b.accepted(app, brand, b.an_event(app, brand, person))
    b.everything_due(app)
    return person


def taken(console: TestClient) -> str:
    answer = console.post("/desk/next?agent=ana", data={"kind": "copy"})
    assert answer.status_code == 303
    return answer.headers["location"].partition("?")[0]


def test_a_text_is_copied_confirmed_and_taken_back(console: TestClient) -> None:
    """The handle is masked until then, nothing is promised, and the text is shown as it is."""
    day = console.get("/desk?agent=ana").text
    assert 'value="copy" data-key="t"' in day
    assert "(1)" in day
    path = taken(console)
    page = console.get(f"{path}?agent=ana").text
    assert NICK not in page
    assert "hold down the &lt;lid&gt;." in page
    assert 'data-copies="text"' in page
    assert 'name="promised"' not in page
    assert "done=copied" in console.post(f"{path}/copy?agent=ana").headers["location"]
    page = console.get(f"{path}?agent=ana").text
    assert NICK in page
    assert 'name="disposition" value="pasted" data-key="1"' in page
    ended = console.post(f"{path}/close?agent=ana", data={"disposition": "pasted"})
    assert "done=call_ended" in ended.headers["location"]
    page = console.get(f"{path}?agent=ana&language=zh-CN").text
    assert "下一条待复制文本" in page
    assert "done=undone" in console.post(f"{path}/undo?agent=ana").headers["location"]


def test_who_refused_meanwhile_gets_nothing_pasted(
    app: Outreach, brand: BrandRef, person: Person, console: TestClient
) -> None:
    path = taken(console)
    change_person(app.means, brand, person.id, Change(Action.WITHDRAW, How.API, "said so"))
    answer = console.post(f"{path}/copy?agent=ana")
    assert "done=do_not_paste" in answer.headers["location"]
    again = console.post("/desk/next?agent=ana", data={"kind": "copy"})
    assert "done=nothing_to_copy" in again.headers["location"]
    assert console.post("/desk/next?agent=ana", data={"kind": "fax"}).status_code == 422
