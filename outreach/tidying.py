"""How does a process that stays ask its interpreter to tidy memory, and to share its lock?"""

import gc
import sys

# Objects made since the last look, then looks of each kind until the next wider one.
_TIDIED = (20_000, 20, 50)
_TURN = 0.0005  # seconds


def spare_what_stays() -> None:
    """Look no more through what was loaded for the life of the process when memory is tidied.

    Sets of touches come and go by the thousand objects, and each look through everything cost a
    twelfth of our time; cycles are rare here, and are found a little later.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_TIDIED)


def take_short_turns() -> None:
    """Let a thread to which the database has answered wait no longer for those that are busy.

    By itself each holds the interpreter's lock for up to 5 ms. A thread that stores what many
    requests brought waited as long behind the reading of others, for each of its statements.
    """
    sys.setswitchinterval(_TURN)
