"""May an answer send its reader on to this address?"""

_LONGEST = 2000  # signs


def local(path: str) -> str:
    """The path, where it leads to a page of ours and is not too long; else the first page."""
    plain = len(path) <= _LONGEST and path.isascii() and path.isprintable() and "\\" not in path
    return path if plain and path.startswith("/") and not path.startswith("//") else "/"
