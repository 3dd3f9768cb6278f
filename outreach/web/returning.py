"""May an answer send its reader on to this address?"""


def local(path: str) -> str:
    """The path, where it leads to a page of ours, or else the first page."""
    plain = path.isascii() and path.isprintable() and "\\" not in path
    return path if plain and path.startswith("/") and not path.startswith("//") else "/"
