"""How does a row of numbers become a picture that any page or mail program shows?

SVG made here, without script: bars with a scale of three lines. What is drawn is also said, in the
title that a screen reader reads and beside each bar.
"""

from collections.abc import Sequence
from html import escape

_WIDE, _HIGH, _LEFT, _BELOW, _ABOVE = 720, 220, 48, 34, 12


def bars(points: Sequence[tuple[str, float]], *, title: str) -> str:
    """A chart of bars, each with a label; numbers below nought are drawn as nought.

    Labels and title are text: whatever stands in them is shown and not acted upon.
    """
    top = _round_up(max((value for _, value in points), default=0))
    step = (_WIDE - _LEFT) / max(len(points), 1)
    every = max(1, -(-len(points) // 12))
    drawn = [_scale(top), *(_bar(n, one, step=step, top=top) for n, one in enumerate(points))]
    drawn += [_label(n, name, step=step) for n, (name, _) in enumerate(points) if n % every == 0]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {_HIGH}" role="img" '
        f'font-family="sans-serif" font-size="11"><title>{escape(title)}</title>'
        + "".join(drawn)
        + "</svg>"
    )


def _bar(place: int, point: tuple[str, float], *, step: float, top: float) -> str:
    name, value = point
    high = max(value, 0) / top * (_HIGH - _BELOW - _ABOVE)
    return (
        f'<rect x="{_LEFT + place * step + step * 0.1:.1f}" y="{_HIGH - _BELOW - high:.1f}" '
        f'width="{step * 0.8:.1f}" height="{high:.1f}" fill="#2b6cb0">'
        f"<title>{escape(name)}: {value:g}</title></rect>"
    )


def _label(place: int, name: str, *, step: float) -> str:
    at = f'x="{_LEFT + (place + 0.5) * step:.1f}" y="{_HIGH - _BELOW + 16}"'
    return f'<text {at} text-anchor="middle">{escape(name)}</text>'


def _scale(top: float) -> str:
    lines = []
    for part in (0, 0.5, 1):
        y = _HIGH - _BELOW - part * (_HIGH - _BELOW - _ABOVE)
        lines.append(
            f'<line x1="{_LEFT}" x2="{_WIDE}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ccc"/>'
            f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{top * part:g}</text>'
        )
    return "".join(lines)


def _round_up(value: float) -> float:
    """The next of 1, 2, 5, 10, 20, 50, … from this number on."""
    size = 1.0
    while True:
        for step in (1, 2, 5):
            if value <= step * size:
                return step * size
        size *= 10
