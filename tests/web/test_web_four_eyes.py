"""Does a user let a campaign go live only with another person's word for what is there?"""

import json
import re

from fastapi.testclient import TestClient

from outreach.access import keys
from outreach.app import Outreach
from outreach.db.engine import BrandRef
from tests import builders as b
from tests.web.conftest import Login
from tests.web.requests import edited

TIPS = "/campaigns/tips"


def sent(client: TestClient, path: str, **form: str) -> tuple[int, str]:
    """What comes of a form that is sent with the token of the user's own page."""
    token = re.search(r'name="csrf" value="([^"]+)"', client.get("/campaigns").text)
    assert token
    brand = {"brand": "lumen"}
    answer = client.post(path, data=brand | form | {"csrf": token.group(1)})
    return answer.status_code, answer.text


def seen(client: TestClient) -> str:
    found = re.search(r'name="seen" value="(\w+)"', client.get(TIPS).text)
    assert found
    return found.group(1)


def test_the_writer_waits_for_another_persons_word(login: Login) -> None:
    """The button is shut and says why; an approval lets exactly that version go live."""
    ada, ben = login("ada", "admin"), login("ben", "approver")
    sent(ada, "/campaigns", like="usage-tutorial", key="tips")
    page = ada.get(TIPS).text
    assert "nobody has approved this version" in page
    assert "disabled>" in page
    assert "written by ada" in page
    assert sent(ada, f"{TIPS}/activate")[0] == 409
    assert f'action="{TIPS}/approve"' not in page
    assert sent(ada, f"{TIPS}/approve", seen=seen(ben))[0] == 409
    assert sent(ben, f"{TIPS}/approve", seen="\0")[0] == 422
    assert "Your approval is kept." in sent(ben, f"{TIPS}/approve", seen=seen(ben))[1]
    sent(ada, f"{TIPS}/fields", priority="77", holdout="0", edited=edited(ada, TIPS))
    assert sent(ada, f"{TIPS}/activate")[0] == 409
    sent(ben, f"{TIPS}/approve", seen=seen(ben))
    assert "It is live" in sent(ada, f"{TIPS}/activate")[1]
    sent(ada, f"{TIPS}/pause")
    assert "It is live" in sent(ada, f"{TIPS}/activate")[1]


def test_a_word_is_not_for_texts_that_came_after_it(
    login: Login, app: Outreach, brand: BrandRef
) -> None:
    """Neither an approval of a page that is out of date, nor a text written after it, gets by."""
    b.a_text(app, brand, "words", "Hello.")
    ada, ben = login("ada", "marketer"), login("ben", "approver")
    source = json.loads(b.written("tips", steps=[b.a_step(template="words")]))
    sent(ada, "/campaigns", like="usage-tutorial", key="tips")
    form = {"document_text": json.dumps(source), "edited": edited(ada, TIPS)}
    assert sent(ada, f"{TIPS}/document", **form)[0] == 200
    before = seen(ben)
    sent(ben, f"{TIPS}/approve", seen=before)
    b.a_text(app, brand, "words", "Hello again.")
    assert "have changed since it was approved" in ada.get(TIPS).text
    assert sent(ada, f"{TIPS}/activate")[0] == 409
    assert sent(ben, f"{TIPS}/approve", seen=before)[0] == 409
    assert sent(ada, f"{TIPS}/approve", seen=before)[0] == 403


def test_a_brand_may_do_without_and_a_key_is_not_asked(
    login: Login, app: Outreach, brand: BrandRef, browser: TestClient
) -> None:
    browser.post("/campaigns", data={"like": "usage-tutorial", "key": "tips"})
    ben = login("ben", "admin")
    sent(ben, f"{TIPS}/approve", seen=seen(ben))
    assert sent(ben, f"{TIPS}/activate")[0] == 409  # nobody knows who wrote it but the key
    assert "It is live" in browser.post(f"{TIPS}/activate").text
    b.a_brand(app, four_eyes=False)
    sent(ben, "/campaigns", like="usage-tutorial", key="more")
    assert "It is live" in sent(ben, "/campaigns/more/activate")[1]


def test_a_key_of_a_user_is_asked_as_the_user_is(
    login: Login, app: Outreach, brand: BrandRef, client: TestClient
) -> None:
    """Nobody lets go live by a key of theirs what they wrote; another's word is for both doors."""
    ada, ben = login("ada", "admin"), login("ben", "approver")
    sent(ada, "/campaigns", like="usage-tutorial", key="tips")
    with app.means.database.begin(brand) as tx:
        key = keys.issue(tx, brand, name="letters", held_by="ada")
    client.headers["Authorization"] = f"Bearer {key}"
    at = "/api/v1/campaigns/tips/activate"
    assert "nobody has approved it" in client.post(at).json()["detail"]
    sent(ben, f"{TIPS}/approve", seen=seen(ben))
    assert client.post(at).status_code == 200
