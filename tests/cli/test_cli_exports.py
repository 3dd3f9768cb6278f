"""Do commands that take rows out, or hold them back, ask a second person and say what they do?"""

from itertools import count
from pathlib import Path

import pytest

from outreach.app import Outreach
from outreach.cli import recording
from outreach.db.engine import BrandRef
from tests import builders as b
from tests.cli.conftest import Run

_BRANDS = count(1)


@pytest.fixture
def brand(shared_app: Outreach) -> BrandRef:
    """A brand of which nothing leaves on one person's word, with one person."""
    brand = b.a_brand(shared_app, f"taken-{next(_BRANDS)}", exports_alone=0)
    b.a_person(shared_app, brand, "c-1", email="ada@customers.example")
    return brand


def test_rows_leave_once_another_account_has_approved_them(
    shared_run: Run, brand: BrandRef, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is its owner's alone, and is written once."""
    of, out = ("-b", brand.key), tmp_path / "people.csv"
    asked = shared_run("exports", "ask", "people", "--why", "a letter", *of, "--json").json
    assert (asked["state"], asked["rows"]) == ("waiting", 1)
    key = asked["export"]
    assert "another person decides" in shared_run("exports", "approve", key, *of).err
    assert shared_run("exports", "fetch", key, "-o", out, *of).code == 2
    with monkeypatch.context() as another:
        another.setattr(recording, "by", lambda: "host:bo")
        assert "is approved" in shared_run("exports", "approve", key, *of).out
    assert shared_run("exports", "fetch", key, "-o", out, *of).code == 0
    assert "ada@customers.example" in out.read_text("utf-8")
    assert out.stat().st_mode & 0o077 == 0
    assert "name another file" in shared_run("exports", "fetch", key, "-o", out, *of).err
    assert "host:bo" in shared_run("exports", "list", *of).out


def test_a_brand_leaves_no_other_way(shared_run: Run, brand: BrandRef, tmp_path: Path) -> None:
    """Nor do one person's data, nor what was said of consent; the sentence says what to do."""
    of = ("-b", brand.key)
    for words in (
        ("brands", "export", tmp_path / "all"), ("people", "export", "c-1"), ("consent", "export"),
    ):  # fmt: skip
        said = shared_run(*words, *of)
        assert said.code == 2
        assert "have another person approve it" in said.err
    assert not (tmp_path / "all").exists()


def test_a_hold_is_placed_shown_and_lifted(shared_run: Run, brand: BrandRef) -> None:
    """Whoever was to be forgotten meanwhile is forgotten by that; what went is told day by day."""
    of = ("-b", brand.key)
    words = ("--reason", "claim 7", "--source", "counsel", "--ref", "c-1")
    hold = shared_run("holds", "place", *words, *of, "--json").json["hold"]
    assert "claim 7" in shared_run("holds", "list", *of).out
    assert (
        "when the last legal hold ends"
        in shared_run("people", "erase", "c-1", "--because", "asked", *of).out
    )
    assert shared_run("holds", "lift", hold, *of, "--json").json["forgotten"] == 1
    assert "no hold stands" in shared_run("holds", "list", *of).out
    assert shared_run("ledger", "let-go", *of).code == 0
    assert len(shared_run("ledger", "swept", *of, "--json").json) == 1
