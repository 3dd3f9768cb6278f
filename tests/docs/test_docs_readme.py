"""Do both READMEs say the same, and can what they show be used?"""

import re
import runpy
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from outreach.brands.model import BrandDocument

ROOT = Path(__file__).parents[2]
ENGLISH, CHINESE = (ROOT / "README.md", ROOT / "README.zh-CN.md")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def _blocks(page: Path, kind: str) -> list[str]:
    """Fenced blocks of one kind, without their comments: those are in the page's own language."""
    text = page.read_text(encoding="utf-8")
    found = re.findall(rf"^```{kind}\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)
    return [re.sub(r"\s+#.*|language=[\w-]+", "", block) for block in found]


def test_the_two_commands_come_first() -> None:
    for page in (ENGLISH, CHINESE):
        assert _blocks(page, "sh")[0].split("\n") == ["make demo", "make test", ""]


@pytest.mark.parametrize("kind", ["sh", "yaml", "text"])
def test_both_show_the_same(kind: str) -> None:
    assert _blocks(ENGLISH, kind) == _blocks(CHINESE, kind)


def test_the_brand_in_the_readme_is_one() -> None:
    [written] = _blocks(ENGLISH, "yaml")
    assert BrandDocument.model_validate(YAML(typ="safe").load(written)).key == "lumen"


def test_the_demo_stands_between_its_markers() -> None:
    updated = runpy.run_path(str(ROOT / "docs" / "update_readme.py"))["updated"]
    page = "a\n<!-- demo -->\nold\n<!-- /demo -->\nb\n"
    told = updated(page, "\x1b[1mnew \\1\x1b[0m  \n\n")
    assert told == "a\n<!-- demo -->\n```text\nnew \\1\n```\n<!-- /demo -->\nb\n"
    assert "<!-- demo -->" in ENGLISH.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    """Links to files of ours; those to a part of a page name a heading that is there."""
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        path, _, part = target.partition("#")
        if path.startswith("http"):
            continue
        file = (page.parent / path) if path else page
        if not file.exists() or (part and part not in _anchors(file)):
            broken.append(target)
    assert broken == []


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
