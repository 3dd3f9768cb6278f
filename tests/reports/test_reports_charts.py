"""Does a chart show its numbers and nothing that acts?"""

from xml.etree import ElementTree as ET

import pytest

from outreach.reports import charts

_SVG = "{http://www.w3.org/2000/svg}"


def test_each_number_is_a_bar_that_says_what_it_is() -> None:
    """Heights are in proportion, and every bar has its words."""
    drawn = ET.fromstring(charts.bars([("a", 50), ("b", 100)], title="sent"))  # ours
    bars = drawn.findall(f"{_SVG}rect")
    assert [bar.findtext(f"{_SVG}title") for bar in bars] == ["a: 50", "b: 100"]
    heights = [float(bar.attrib["height"]) for bar in bars]
    assert heights[1] == pytest.approx(2 * heights[0])


@pytest.mark.parametrize("points", [[], [("only", 0.0)], [("less", -3.0)]])
def test_nothing_to_show_is_drawn_too(points: list[tuple[str, float]]) -> None:
    """No bars, or bars without height."""
    drawn = ET.fromstring(charts.bars(points, title="none"))  # ours
    assert [bar.attrib["height"] for bar in drawn.findall(f"{_SVG}rect")] == ["0.0"] * len(points)


def test_labels_are_text() -> None:
    """Whatever a campaign is called."""
    assert "<script" not in charts.bars([("<script>", 1)], title="<script>")
