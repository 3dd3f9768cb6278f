"""Does every provider have a page, and does the table of them say what the code promises?"""

import re
from pathlib import Path

import pytest

from outreach.channels.vendors.catalogue import VENDORS

DOCS = Path(__file__).parents[2] / "docs"
_ROW = re.compile(
    r"^\| \[(\w+)\]\(channels/\1\.md\) \| (\w+) \| (yes|no) \| (\w+) \| (yes|no) \|$", re.MULTILINE
)


def test_the_table_says_of_each_provider_what_it_promises() -> None:
    told = {row[0]: row[1:] for row in _ROW.findall(_text("channels.md"))}
    known = {
        name: (
            str(vendor.channel), _said(yes=vendor.capabilities.idempotent),
            vendor.capabilities.receipts, _said(yes=vendor.capabilities.inbound),
        )
        for name, vendor in VENDORS.items()
    }  # fmt: skip
    assert told == known
    assert {page.stem for page in (DOCS / "channels").glob("*.md")} == set(VENDORS)


@pytest.mark.parametrize("name", VENDORS)
def test_a_page_shows_the_url_of_its_provider_and_every_option(name: str) -> None:
    page, vendor = _text(f"channels/{name}.md"), VENDORS[name]
    assert f"{name}://" in page or f"{name}+http" in page
    assert [one for one in (*vendor.needs, *vendor.may) if f"| `{one}` |" not in page] == []


def _text(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def _said(*, yes: bool) -> str:
    return "yes" if yes else "no"
