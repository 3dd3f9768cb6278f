"""Do the commands about packs answer without any installation, and does the exit code say how?"""

import shutil
from collections.abc import Callable
from pathlib import Path

from outreach.app import Outreach
from outreach.hours import packs
from tests.cli.conftest import Run

Written = Callable[[str, str | bytes], Path]

BRAND = """
key: narrow
name: Narrow
locale: en
zone: UTC
profile:
  sender_name: Narrow
  sender_email: care@narrow.example
  sms_sender: NARROW
  signature: Narrow
  support: help@narrow.example
  switched_off:
    {row}: our counsel says so
"""


def test_our_packs_are_sound_and_say_what_is_coming(bare: Run) -> None:
    said = bare("hours", "packs", "check", "--on", "2026-09-01")
    assert (said.code, said.err) == (0, "")
    assert "note: begins: US-PA-2 begins on 2026-10-18" in said.out


def test_an_error_in_a_changed_copy_ends_with_one(bare: Run, tmp_path: Path) -> None:
    """A second row for Florida, with other hours."""
    own = Path(packs.__file__).parent / "packs"
    copy = shutil.copytree(own, tmp_path / "packs")
    us = (copy / "us.yaml").read_text(encoding="utf-8")
    more = us.replace("id: US-GA-1", "id: US-FL-2").replace("diction: US-GA", "diction: US-FL")
    (copy / "us.yaml").write_text(more, encoding="utf-8")
    said = bare("hours", "packs", "check", "--folder", copy, "--json")
    assert said.code == 1
    assert said.json["findings"][0]["rules"] == ["US-FL-1", "US-FL-2"]
    assert said.json["findings"][0]["kind"] == "overlap"


def test_a_place_is_shown_for_counsel(bare: Run) -> None:
    said = bare("hours", "packs", "show", "US-FL")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("US-FL: engineering reference, not legal advice.")
    shown = bare("hours", "packs", "show", "US-FL", "--json").json
    assert shown["disclaimer"] == "engineering reference, not legal advice"
    assert [row["id"] for row in shown["rows"]][-1] == "US-FL-1"


def test_a_place_that_is_none_is_a_wrong_request(bare: Run) -> None:
    said = bare("hours", "packs", "show", "US-FX")
    assert (said.code, said.out) == (2, "")
    assert "there is no place called 'US-FX'" in said.err


def test_a_brand_may_switch_off_a_custom_and_no_law(
    run: Run, written: Written, app: Outreach
) -> None:
    assert run("brands", "import", written("a.yaml", BRAND.format(row="FR-3"))).code == 0
    said = run("brands", "import", written("b.yaml", BRAND.format(row="US-FL-1")))
    assert (said.code, said.out) == (2, "")
    assert "profile.switched_off.US-FL-1: US-FL-1 is binding" in said.err
