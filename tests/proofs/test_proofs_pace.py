"""How many tests may go?"""

import pytest

from outreach.proofs import pace
from outreach.proofs.pace import Sent


@pytest.mark.parametrize(
    ("sent", "wanted", "says"),
    [
        (Sent(0, 0), 6, ""),
        (Sent(19, 199), 1, ""),
        (Sent(0, 0), 7, "at most 6 texts"),
        (Sent(20, 20), 1, "20 of 20 tests of this hour"),
        (Sent(0, 199), 2, "199 of 200 tests of this day"),
    ],
)
def test_few_are_enough(sent: Sent, wanted: int, says: str) -> None:
    reason = pace.too_many(sent, wanted)
    assert says in reason
    assert bool(reason) is bool(says)
