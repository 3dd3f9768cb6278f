"""Can one ask at the command line what is allowed, and take lists in for a brand or for all?"""

import json

import pytest

from outreach.app import Outreach
from outreach.db.engine import BrandRef
from tests import builders as b
from tests.cli.conftest import Run


@pytest.fixture
def lumen(app: Outreach) -> BrandRef:
    return b.a_brand(app)


def allowed(run: Run, ref: str = "c-1", brand: str = "lumen") -> dict[str, str]:
    told = run("consent", "ask", ref, "-b", brand, "--json").json
    return {f"{one['channel']}.{one['purpose']}": one["allowed"] for one in told}


def test_one_asks_about_a_person_and_sees_no_address(
    app: Outreach, run: Run, lumen: BrandRef
) -> None:
    b.a_person(app, lumen, "c-1")
    said = run("consent", "ask", "c-1", "-b", "lumen")
    assert "•••@customers.example" in said.out
    assert "c-1@customers.example" not in said.out
    assert allowed(run)["email.service"] == "yes"
    assert allowed(run)["sms.marketing"] == "no"


def test_a_grant_of_the_kind_asked_for_opens_and_an_unknown_kind_is_refused(
    app: Outreach, run: Run, lumen: BrandRef
) -> None:
    b.a_person(app, lumen, "c-1", country="DE", subdivision=None, zone="Europe/Berlin", phone=None)
    grant = ("consent", "change", "c-1", "grant", "-b", "lumen", "--evidence", "form 7")
    mail = ("--channel", "email", "--purpose", "marketing")
    run(*grant, *mail, "--kind", "express")
    assert allowed(run)["email.marketing"] == "no"
    run(*grant, *mail, "--kind", "express", "--kind", "double_opt_in_if_consent")
    assert allowed(run)["email.marketing"] == "yes"
    assert run(*grant, *mail, "--kind", "heartfelt").code == 2


def test_a_list_of_the_brands_blocks_there_and_one_of_the_agencys_everywhere(
    app: Outreach, run: Run, lumen: BrandRef, tmp_path
) -> None:
    """Each line gets its verdict, by number; the lists are shown with their age."""
    rival = b.a_brand(app, "rival")
    for brand in (lumen, rival):
        b.a_person(app, brand, "c-1", email="one@customers.example")
        b.a_person(app, brand, "c-2", email="two@customers.example")
    own, shared, told = (tmp_path / name for name in ("own.txt", "shared.txt", "told.csv"))
    own.write_text("one@customers.example\n" * 200 + "nobody\n", encoding="utf-8")
    shared.write_text("two@customers.example\n", encoding="utf-8")
    day = ("--as-of", "2026-03-01", "-b", "lumen")
    said = run("consent", "import", own, "--list", "own list", *day, "--verdicts", told)
    assert "200 listed, 0 clear, 1 refused" in said.out
    assert told.read_text(encoding="utf-8").splitlines()[-1].startswith("201,")
    assert "customers.example" not in told.read_text(encoding="utf-8")
    run("consent", "import", shared, "--list", "house list", *day, "--agency")
    found = {
        (brand, ref): allowed(run, ref, brand)["email.service"]
        for brand in ("lumen", "rival")
        for ref in ("c-1", "c-2")
    }
    assert found == {
        ("lumen", "c-1"): "no", ("lumen", "c-2"): "no",
        ("rival", "c-1"): "yes", ("rival", "c-2"): "no",
    }  # fmt: skip
    held = run("consent", "lists", "-b", "rival", "--json").json
    assert [(one["list"], one["of"], one["counts"]) for one in held] == [
        ("house list", "the agency", "always")
    ]


def test_a_list_that_would_set_everybody_free_is_refused(
    run: Run, lumen: BrandRef, tmp_path
) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_text("", encoding="utf-8")
    day = ("--as-of", "2026-03-01", "-b", "lumen")
    assert run("consent", "import", empty, "--list", "own list", *day).code == 2
    missing = tmp_path / "no.txt"
    assert run("consent", "import", missing, "--list", "own list", *day).code == 2


def test_the_history_tells_who_said_what_and_no_address(
    app: Outreach, run: Run, lumen: BrandRef
) -> None:
    b.a_person(app, lumen, "c-1", email="one@customers.example", phone=None)
    change = ("consent", "change", "c-1")
    run(*change, "grant", "-b", "lumen", "--evidence", "form 7", "--purpose", "survey")
    run(*change, "withdraw", "-b", "lumen", "--evidence", "letter 8")
    told = run("consent", "history", "c-1", "-b", "lumen", "--json").json
    assert [(one["action"], one["purpose"], one["evidence"]) for one in told] == [
        ("grant", "survey", "form 7"), ("withdraw", None, "letter 8"),
    ]  # fmt: skip
    assert {one["address"] for one in told} == {"o•••@customers.example"}
    said = run("consent", "history", "c-1", "-b", "lumen").out
    assert "letter 8" in said
    assert "one@customers.example" not in said
    assert run("consent", "history", "nobody", "-b", "lumen").code == 2


def test_the_ledger_is_exported_by_the_line_and_names_who_has_an_address_now(
    app: Outreach, run: Run, lumen: BrandRef
) -> None:
    """Two persons share a mailbox; what was said to another brand is not told."""
    rival = b.a_brand(app, "rival")
    for brand, ref in ((lumen, "c-1"), (lumen, "c-2"), (rival, "c-3")):
        b.a_person(app, brand, ref, email="one@customers.example", phone=None)
    for brand, ref in (("lumen", "c-1"), ("rival", "c-3")):
        run("consent", "change", ref, "withdraw", "-b", brand, "--evidence", f"letter {ref}")
    lines = run("consent", "export", "-b", "lumen").out.splitlines()
    told = [json.loads(line) for line in lines]
    assert told[0]["evidence"] == "letter c-1"
    assert (told[0]["address"], told[0]["refs"]) == ("o•••@customers.example", ["c-1", "c-2"])
    assert {one["of"] for one in told} == {"lumen"}
    assert len({one["identity_hash"] for one in told}) == 1
    assert "one@customers.example" not in "".join(lines)
