"""After a withdrawal is committed: is anything still in the air, and for how long do we wait?"""

import time
from collections.abc import Callable, Sequence
from datetime import timedelta

_A_MOMENT = timedelta(milliseconds=20)


def drain(
    in_air: Callable[[], Sequence[str]],
    *,
    patience: timedelta,
    pause: Callable[[timedelta], object],
    monotonic: Callable[[], float] = time.monotonic,
) -> Sequence[str]:
    """Wait until `in_air()` is empty or patience has run out; what is in the air then comes back.

    Call it after the commit. `in_air` names the touches that are being handed over to the address,
    read afresh each time; `pause` waits for so long (`Event().wait` takes seconds, hence a lambda).
    """
    ends = monotonic() + patience.total_seconds()
    while (flying := in_air()) and monotonic() < ends:
        pause(_A_MOMENT)
    return flying
