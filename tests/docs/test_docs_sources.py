"""Does every kind of source have a page that tells of all it reads?"""

import re
from importlib import import_module
from pathlib import Path

import pytest

from outreach.events.sources.catalogue import SOURCES

DOCS = Path(__file__).parents[2] / "docs"
TABLES = {
    "shopify": ("_ORDERS", "_MOVES", "_READ"),
    "woocommerce": ("_ENDS", "_PLACED"),
    "stripe": ("_READ",),
    "kuaidi100": ("_STATES",),
    "kdniao": ("_STATES",),
    "aftership": ("_TAGS", "_IN_HAND"),
    "easypost": ("_STATES",),
    "shippo": ("_STATES",),
    "17track": ("_STATES",),
    "youzan": ("_TRADES", "_SHIPPED", "_REFUNDED"),
    "douyin": ("_TAGS", "_SHIPPED"),
    "wechat-shop": ("_ORDERS", "_PATHS"),
    "taobao": ("_TOPICS", "_SHIPPED"),
    "zendesk": ("_STATES", "_OVER"),
    "chatwoot": ("_STATES",),
    "helpdesk": ("_STATES",),
    "freshdesk": ("_STATES",),
}


def _page(kind: str) -> str:
    return (DOCS / "sources" / f"{kind}.md").read_text(encoding="utf-8")


def test_each_kind_has_a_page_and_stands_in_the_table() -> None:
    listed = re.findall(r"^\| \[([\w-]+)\]\(sources/\1\.md\)", _overview(), flags=re.MULTILINE)
    assert listed == list(SOURCES)
    assert {page.stem for page in (DOCS / "sources").glob("*.md")} == set(SOURCES)


def _overview() -> str:
    return (DOCS / "sources.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", TABLES)
def test_whatever_a_kind_knows_stands_in_its_page(kind: str) -> None:
    module, page = import_module(SOURCES[kind].read.__module__), _page(kind)
    told = [word for table in TABLES[kind] for word in getattr(module, table)]
    missing = [word for word in told if not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", page)]
    assert missing == []


@pytest.mark.parametrize("kind", SOURCES)
def test_a_page_shows_how_its_kind_is_connected(kind: str) -> None:
    page = _page(kind)
    assert f"outreach sources add {kind} {kind} --brand " in page
    assert f"outreach sources test {kind} --brand " in page
