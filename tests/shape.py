"""What shape is the code in? Sizes beside what we aim for; `make shape` prints them.

A mirror and not a gate, but for two things that a test holds: the median function stays under ten
lines, and no module imports itself by way of others.
"""

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).parent.parent
PACKAGES = ("optout", "outreach")

# What a module may import and still be called pure: it neither asks the outside nor tells it.
_IMPURE = frozenset({
    "dramatiq", "fastapi", "http", "jinja2", "psycopg", "redis", "select", "socket", "sqlalchemy",
    "ssl", "starlette", "subprocess", "threading", "time", "typer", "uvicorn",
})  # fmt: skip
_DOORS = ("outreach.clock", "outreach.db")


@dataclass(frozen=True, slots=True)
class Module:
    """One module: how long it is, how long its functions are, and which of ours it imports."""

    name: str
    lines: int
    functions: tuple[int, ...]
    ours: frozenset[str]
    pure: bool


def modules() -> dict[str, Module]:
    """Every module of the product, by name."""
    files = {_name(path): path for package in PACKAGES for path in (ROOT / package).rglob("*.py")}
    return {name: _module(name, path, files.keys()) for name, path in sorted(files.items())}


def cycles(imports: Mapping[str, Iterable[str]]) -> list[tuple[str, ...]]:
    """Groups of modules that reach each other by imports (strongly connected, Tarjan 1972)."""
    found: list[tuple[str, ...]] = []
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []

    def visit(one: str) -> None:
        index[one] = low[one] = len(index)
        stack.append(one)
        for other in sorted(imports.get(one, ())):
            if other not in index:
                visit(other)
                low[one] = min(low[one], low[other])
            elif other in stack:
                low[one] = min(low[one], index[other])
        if low[one] == index[one]:
            group = stack[stack.index(one) :]
            del stack[stack.index(one) :]
            if len(group) > 1:
                found.append(tuple(sorted(group)))

    for one in sorted(imports):
        if one not in index:
            visit(one)
    return found


def function_lengths(found: Iterable[Module]) -> list[int]:
    """Lines of every function, from `def` to its end, its docstring included."""
    return [length for module in found for length in module.functions]


def report() -> str:
    """The page that `make shape` prints."""
    found = list(modules().values())
    sizes = [module.lines for module in found if not module.name.endswith("__init__")]
    lengths = function_lengths(found)
    pure = sum(module.lines for module in found if module.pure) / sum(m.lines for m in found)
    circles = cycles({module.name: module.ours for module in found})
    longest = sorted(found, key=lambda module: -module.lines)[:5]
    lines = [
        _row("modules", sizes, aim="45 to 250"),
        _row("functions", lengths, aim="median 4 to 9; held: under 10"),
        f"cycles      {len(circles)} (held: none)",
        f"pure share  {pure:.0%} of lines (no server, socket, clock or thread)",
        "longest     " + ", ".join(f"{module.name} {module.lines}" for module in longest),
    ]
    return "\n".join([*lines, *(f"cycle: {' '.join(circle)}" for circle in circles)])


def _row(what: str, lines: list[int], *, aim: str) -> str:
    most = quantiles(lines, n=10)[-1]
    return f"{what:<11} {len(lines)}: median {median(lines):.0f} lines, p90 {most:.0f} (aim: {aim})"


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def _module(name: str, path: Path, known: Iterable[str]) -> Module:
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    imported = set(_imported(tree))
    return Module(
        name=name,
        lines=len(source.splitlines()),
        functions=tuple(_lengths(tree)),
        ours=frozenset(imported & set(known)),
        pure=not any(_impure(one) for one in imported),
    )


def _lengths(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield (node.end_lineno or node.lineno) - node.lineno + 1


def _imported(tree: ast.Module) -> Iterator[str]:
    """Every name that an import may mean; those inside of functions are no part of a cycle."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _impure(name: str) -> bool:
    return name.partition(".")[0] in _IMPURE or name.startswith(_DOORS) or name.endswith(".store")


if __name__ == "__main__":
    sys.stdout.write(report() + "\n")
