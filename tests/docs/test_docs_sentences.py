"""Does the Chinese catalogue know every sentence with which a room that pages ask may refuse?

Read off the code: the texts of errors that the caller can mend, and of problems of documents. A
sentence that is put together elsewhere is not seen here. Whoever writes a new one adds it to
`outreach/web/locale/zh_CN/sentences`, with its holes in braces.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from outreach.web import translated

ROOT = Path(__file__).parents[2]
# What answers to commands, machines, providers or files alone; pages show nothing of it.
_NO_PAGE = (
    "optout/bulk", "optout/__main__", "optout/reading", "optout/regime", "optout/rules",
    "optout/links", "optout/model", "outreach/access/oidc", "outreach/access/roles",
    "outreach/app", "outreach/audit/",
    "outreach/callbacks/feeds", "outreach/callbacks/mirrors/", "outreach/channels/",
    "outreach/checks", "outreach/cli/", "outreach/clock", "outreach/db/", "outreach/demo/",
    "outreach/embedded/", "outreach/events/", "outreach/experiments/", "outreach/hours/bare",
    "outreach/hours/pack", "outreach/hours/soundness", "outreach/inbound/files",
    "outreach/notices/", "outreach/replay/", "outreach/sealing", "outreach/settings",
    "outreach/signed/", "outreach/standins/", "outreach/templates/lint_rules",
    "outreach/web/api/", "outreach/web/auth", "outreach/web/body", "outreach/web/rights",
    "outreach/web/words", "outreach/enrolments/", "outreach/hours/window", "outreach/worker",
    "outreach/takeout/",
)  # fmt: skip
_REFUSALS = {
    "Conflict": 0, "Flaw": 0, "Forbidden": 0, "Invalid": 0, "NotAllowed": 0, "NotFound": 0,
    "Problem": 1, "Unreadable": 0, "UnreadableIdentity": 0, "UnreadableList": 0,
}  # fmt: skip


def test_every_refusal_that_a_page_may_show_is_known_in_chinese() -> None:
    unknown = {f"{path}: {said}" for path, said in refusals() if translated.sentence(said) is None}
    assert not unknown, sorted(unknown)


def refusals() -> Iterator[tuple[str, str]]:
    """Each file, and each sentence of it with something in its holes."""
    for folder in ("outreach", "optout"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            path = file.relative_to(ROOT).as_posix()
            if not path.startswith(_NO_PAGE):
                for said in _said(ast.parse(file.read_text(encoding="utf-8"))):
                    yield path, said


def _said(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        at = _REFUSALS.get(_called(node))
        if isinstance(node, ast.Call) and at is not None and len(node.args) > at:
            text = _text(node.args[at])
            if " " in text:
                yield text


def _called(node: ast.AST) -> str:
    called = getattr(node, "func", None)
    return str(getattr(called, "id", getattr(called, "attr", "")))


def _text(node: ast.expr) -> str:
    """The text with a word in each hole; nothing where it is made elsewhere."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(one.value) if isinstance(one, ast.Constant) else "X1" for one in node.values
        )
    return ""
