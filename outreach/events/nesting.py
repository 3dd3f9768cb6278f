"""How deep are decoded data nested?  Pure.

Asked level by level, so that nothing is nested too deep to be asked, and of what may hold something
alone: most of what is told is texts and numbers.
"""

_HOLDS = (dict, list)


def deeper(value: object, *, than: int) -> bool:
    """Whether something lies more than so many levels within this; `{"a": 1}` has one level."""
    level: list[object] = [value]
    for _ in range(than):
        level = [part for outer in level for part in _inside(outer) if isinstance(part, _HOLDS)]
        if not level:
            return False
    return any(map(_inside, level))


def _inside(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
