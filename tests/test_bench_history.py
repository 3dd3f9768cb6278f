"""Does the history of the benches tell a figure that has fallen by half, and draw what there is?"""

import importlib
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from bench import __main__ as bench
from bench import figures, history
from bench.figures import Figure, Unit

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.mark.parametrize("name", bench.BENCHES)
def test_every_bench_that_is_listed_can_be_begun(name: str) -> None:
    """What it takes from our rooms is still there."""
    assert callable(importlib.import_module(f"bench.{name}").main)


def a_run(unit: Unit, ours: float) -> dict[str, object]:
    figure = Figure("mails <sent>", unit, (ours,), (10.0,), "by hand", must=0.5)
    return figures.document([figures.plain(figure)])


@pytest.mark.parametrize(
    ("unit", "before", "now", "fell"),
    [("1/s", 5, 2.4, 1), ("1/s", 5, 2.6, 0), ("s", 5, 11, 1), ("s", 5, 9, 0), ("1/s", 5, 50, 0)],
)
def test_only_a_ratio_that_is_half_as_good_as_the_last_has_fallen(
    tmp_path: Path, unit: Unit, before: float, now: float, fell: int
) -> None:
    """Of two runs the newer is what counts; of a rate less is worse, of seconds more."""
    book = tmp_path / "history.jsonl"
    for ours in (1000.0, before):
        history.note(a_run(unit, ours), at=AT, book=book)
    fresh = a_run(unit, now)["figures"]
    assert len(history.fallen(fresh, history.runs(book))) == fell  # type: ignore[arg-type]


def test_machines_are_told_what_was_promised_and_nothing_else() -> None:
    """Each figure with its name, and beside what it stands in that name."""
    told = bench.told(a_run("1/s", 5))
    assert set(told) == {"figures", "machine", "versions"}
    [figure] = told["figures"]  # type: ignore[misc]  # a list
    assert tuple(figure) == bench.TOLD
    assert figure["name"] == "mails <sent>, beside by hand"


def test_what_was_never_noted_cannot_have_fallen(tmp_path: Path) -> None:
    """A new figure, or a first run, is no failure."""
    fresh = a_run("1/s", 0.1)["figures"]
    assert history.fallen(fresh, history.runs(tmp_path / "none")) == []  # type: ignore[arg-type]


def test_the_plot_has_a_bar_for_each_figure(tmp_path: Path) -> None:
    """It is SVG that can be read, whatever a figure is called."""
    book = tmp_path / "history.jsonl"
    history.note(a_run("1/s", 5), at=AT, book=book)
    plot = ET.fromstring(history.drawn(history.runs(book)))  # our own
    assert len([one for one in plot.iter() if one.tag.endswith("rect")]) == 1
