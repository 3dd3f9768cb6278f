"""How is an address shown so that its owner knows it and nobody else learns it?"""

_DOTS = "•••"
_HEAD, _TAIL = 3, 2  # signs of a number that stay: its country, and what its owner recognises
_SHORTEST = 8


def masked(kind: str, value: str) -> str:
    """`a•••@customers.example`, `+12•••34`; a handle keeps its first sign."""
    if kind == "email":
        local, _, domain = value.rpartition("@")
        return f"{_first(local)}@{domain}"
    if kind == "phone" and len(value) >= _SHORTEST:
        return f"{value[:_HEAD]}{_DOTS}{value[-_TAIL:]}"
    return _first(value)


def _first(text: str) -> str:
    """A text of one or two signs would be given away by its first."""
    return f"{text[:1] if len(text) > _TAIL else ''}{_DOTS}"
