"""What can go wrong with consent, drawn once.

    OptOutError
     ├─ UnreadableIdentity    not an address that one spelling could be given to
     ├─ BadLink               a link that we did not make, or not for this use
     ├─ UnreadableList        a register or file that cannot be read; says where
     ├─ UnreadableRegimes     the law of some place, written down in a way that has no one answer
     ├─ WrongScope            the open transaction does not speak for that brand
     └─ UnsafeRole            the application's role could see every brand

"No" is an answer and not an error; see `model.Decision`.
"""


class OptOutError(Exception):
    """Something is wrong with a question or an entry about consent."""

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(sentence or (self.__doc__ or "").strip())


class UnreadableIdentity(OptOutError):
    """That is not an address that can be read in one way only."""


class BadLink(OptOutError):
    """That link is not valid."""


class UnreadableList(OptOutError):
    """That list cannot be read."""


class UnreadableRegimes(OptOutError):
    """Those regimes cannot be read, or give no single answer."""


class WrongScope(OptOutError):
    """The open transaction does not speak for that brand; call `sql.speak_for` first."""


class UnsafeRole(OptOutError):
    """That role stands above row-level security; give the application an ordinary one."""
