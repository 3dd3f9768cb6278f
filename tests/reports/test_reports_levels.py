"""Is a month held against what its contract says?"""

import pytest

from outreach.brands.levels import Level, ServiceLevels
from outreach.reports.levels import Judged, Part, judged


@pytest.mark.parametrize(
    ("level", "part", "agreed", "kept"),
    [
        ("delivered", Part(95, 100), 0.95, True),
        ("delivered", Part(94, 100), 0.95, False),
        ("refused", Part(1, 100), 0.01, True),
        ("refused", Part(2, 100), 0.01, False),
        ("calls_in_time", Part(0, 0), 0.9, None),
        ("calls_in_time", Part(5, 10), None, None),
    ],
)
def test_a_level_is_kept_or_broken_or_nobody_knows(
    level: Level, part: Part, agreed: float | None, *, kept: bool | None
) -> None:
    """At least or at most; what nothing was measured of, or nobody agreed upon, is neither."""
    assert Judged(level, part, agreed).kept is kept


def test_what_is_agreed_stands_beside_what_was_measured() -> None:
    agreed = ServiceLevels.model_validate({"on_time": 0.9, "complained": 0.001}).agreed
    found = judged({"on_time": Part(9, 10), "delivered": Part(8, 10)}, agreed)
    assert [(one.level, one.agreed, one.kept) for one in found] == [
        ("on_time", 0.9, True), ("delivered", None, None),
    ]  # fmt: skip
    assert agreed == {"on_time": 0.9, "complained": 0.001}
