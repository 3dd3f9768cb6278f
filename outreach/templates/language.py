"""Which words does a template's language have, and which names may it use?

Everything that is not on a list here is refused when the template is imported, with its line.
"""

from collections.abc import Iterator

from jinja2 import nodes

from outreach.sentences import Flaw, clipped, nearest

NAMES = frozenset({
    "brand.footer", "brand.header", "brand.legal", "brand.name", "brand.signature", "brand.support",
    "links.preferences", "links.review", "links.survey", "links.unsubscribe",
    "person.first_name", "person.locale", "person.name",
})  # fmt: skip
"""What every context may hold; besides these, anything below `event.` may be named."""

FILTERS = frozenset({
    "capitalize", "default", "first", "join", "last", "length", "lower", "title", "trim", "upper",
})  # fmt: skip
TESTS = frozenset({"defined", "undefined"})

MOST_HOLES = 500
MOST_PARTS = 5_000
MOST_LOOPS = 20
DEEPEST = 30

_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Const, nodes.Name, nodes.Getattr,
    nodes.If, nodes.CondExpr, nodes.And, nodes.Or, nodes.Not, nodes.Compare, nodes.Operand,
    nodes.Test, nodes.Filter, nodes.For,
)  # fmt: skip


def flaws(tree: nodes.Template, source: str) -> list[Flaw]:
    """What in this template may not stand there, in the order in which it is met."""
    if _depth(tree) > DEEPEST:
        return [Flaw("nest less deeply: expressions and blocks are too deep to follow")]
    counted = list(_too_many(tree))
    return counted or list(_in(tree, frozenset(), source.splitlines()))


def paths(tree: nodes.Node) -> set[str]:
    """The names that a template uses, as dotted paths."""
    found = {_path(node) for node in tree.find_all((nodes.Getattr, nodes.Name))}
    return {path for path in found if path}


def _depth(tree: nodes.Node) -> int:
    """How deep the tree is, level by level: counting by recursion would fail on deep ones."""
    depth, level = 0, [tree]
    while level and depth <= DEEPEST:
        level = [child for node in level for child in node.iter_child_nodes()]
        depth += 1
    return depth


def _too_many(tree: nodes.Template) -> Iterator[Flaw]:
    if sum(1 for _ in tree.find_all(nodes.Node)) > MOST_PARTS:
        yield Flaw(f"say less: at most {MOST_PARTS:,} words of the language are read in one text")
    holes = sum(len(output.nodes) for output in tree.find_all(nodes.Output))
    if holes > MOST_HOLES:
        yield Flaw(f"use fewer holes: at most {MOST_HOLES} are filled in one text")
    if sum(1 for _ in tree.find_all(nodes.For)) > MOST_LOOPS:
        yield Flaw(f"use fewer loops: at most {MOST_LOOPS} are run in one text")


def _in(node: nodes.Node, local: frozenset[str], lines: list[str]) -> Iterator[Flaw]:
    """The flaws of this node and below; `local` holds the name that the loop around it gives."""
    if objection := _objection(node, local):
        yield Flaw(objection, node.lineno or 0, _column(node, lines))
        return
    if isinstance(node, nodes.Getattr):
        return  # its path was looked at as one
    inner = frozenset({_target(node)}) if isinstance(node, nodes.For) else local
    for child in node.iter_child_nodes():
        yield from _in(child, inner, lines)


def _objection(node: nodes.Node, local: frozenset[str]) -> str | None:
    if not isinstance(node, _ALLOWED):
        return f"`{type(node).__name__.lower()}` is not part of the template language"
    if isinstance(node, nodes.Filter | nodes.Test):
        kind, known = ("filter", FILTERS) if isinstance(node, nodes.Filter) else ("test", TESTS)
        unknown = f"{kind} `{clipped(node.name)}` is not known here{nearest(node.name, known)}"
        return None if node.name in known else unknown
    if isinstance(node, nodes.Const) and not str(node.value).replace("\n", "").isprintable():
        return "write only signs that can be read"
    if isinstance(node, nodes.For):
        return _loop_objection(node, local)
    if isinstance(node, nodes.Name | nodes.Getattr):
        return _name_objection(_path(node), local)
    return None


def _loop_objection(node: nodes.For, local: frozenset[str]) -> str | None:
    if local or node.recursive:
        return "loops do not nest: write a loop beside this one"
    if _target(node) in {name.partition(".")[0] for name in NAMES | {"event."}}:
        return f"call each entry something else than `{_target(node)}`"
    if not _target(node) or not _path(node.iter):
        return "loop over one name: `{% for line in event.data.lines %}`"
    return None


def _name_objection(path: str, local: frozenset[str]) -> str | None:
    root, _, rest = path.partition(".")
    if not path or any(part.startswith("_") for part in path.split(".")):
        return "write a name such as `person.first_name`"
    if root in local or path in NAMES or (root == "event" and rest):
        return None
    return f"`{clipped(path)}` is not known here{nearest(path, NAMES | {'event.data'})}"


def _target(node: nodes.For) -> str:
    return node.target.name if isinstance(node.target, nodes.Name) else ""


def _path(node: nodes.Node) -> str:
    """`event.data.total`, or nothing for what is not a plain path of names."""
    parts: list[str] = []
    while isinstance(node, nodes.Getattr):
        parts.append(node.attr)
        node = node.node
    return ".".join([node.name, *reversed(parts)]) if isinstance(node, nodes.Name) else ""


def _column(node: nodes.Node, lines: list[str]) -> int:
    """Where on its line the name first stands; 0 when that cannot be told."""
    words = _path(node) or str(getattr(node, "name", ""))
    line = lines[node.lineno - 1] if 0 < (node.lineno or 0) <= len(lines) else ""
    return line.find(words) + 1 if words else 0
