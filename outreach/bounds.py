"""How much memory may a process take that reads what strangers wrote?"""

import resource
import sys


def limit_memory(most: int) -> None:
    """Let this process have no more address space than so many bytes; its start is in them.

    What it would take beyond that is a `MemoryError`, or ends it. macOS knows no such limit and
    goes without.
    """
    if sys.platform != "darwin":
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
