"""What words does consent have? Channels, purposes, and who said what about an address."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Channel(StrEnum):
    """The kind of way on which a person is reached, as the law tells them apart."""

    VOICE = "voice"  # a live call by a human agent
    SMS = "sms"
    EMAIL = "email"
    CHAT = "chat"


class Purpose(StrEnum):
    """Why a person is contacted. Decided by content: one promotional line makes it marketing."""

    TRANSACTIONAL = "transactional"  # carries out one order: confirmation, delivery, payment
    SERVICE = "service"  # serves the running contract: usage help, case update, recall
    SURVEY = "survey"
    REVIEW = "review"
    RENEWAL = "renewal"
    MARKETING = "marketing"


class Kind(StrEnum):
    """What sort of address an identity is."""

    EMAIL = "email"
    PHONE = "phone"  # one identity for calls, SMS and the chats that go by number
    HANDLE = "handle"  # an account name that only its chat provider can read
    ROUTE = "route"  # a masked number of a shop's: leads to somebody for a while, and is nobody's


class Action(StrEnum):
    """What an entry does to its scope."""

    GRANT = "grant"  # the person gave permission
    WITHDRAW = "withdraw"  # the person took it back, or objected
    BLOCK = "block"  # nobody may contact, whoever decided it
    LIFT = "lift"  # ends a block of the very same scope, and nothing else


class Block(StrEnum):
    """For what cause nobody may contact an address. A lift names the cause that it ends."""

    REGISTER = "register"
    LAW = "law"
    COMPLAINT = "complaint"
    DECEASED = "deceased"
    MINOR = "minor"
    LITIGATION = "litigation"


class How(StrEnum):
    """By which way an entry came in."""

    REPLY = "reply"  # the person wrote back
    LINK = "link"  # the person used a page of ours
    ONE_CLICK = "one_click"  # the mail program posted for the person (RFC 8058)
    CONSOLE = "console"  # one of our own people entered it
    API = "api"
    IMPORT = "import"  # a file of the brand's
    COMPLAINT = "complaint"  # the mailbox provider passed on "this is spam"
    BOUNCE = "bounce"  # the address does not exist
    PROVIDER = "provider"  # the person refused at whoever carries our messages
    DISPOSITION = "disposition"  # said to an agent in a call
    REGISTER = "register"  # a do-not-contact register


class Reason(StrEnum):
    """Why the answer is what it is."""

    GRANTED = "granted"  # the newest word that covers the question is permission
    CONTRACT = "contract"  # nobody said anything, and the purpose serves an order or a contract
    NO_OBJECTION = "no_objection"  # nobody said anything, and the law of the place waits for a no
    CONFIRMATION = "confirmation"  # one last message that confirms a refusal, where law admits it
    CUSTOMER = "customer"  # a purchase or contract stands in for consent, within the law's period
    NO_CONSENT = "no_consent"  # nobody said anything, and the purpose needs permission
    WITHDRAWN = "withdrawn"
    BLOCKED = "blocked"
    ON_REGISTER = "on_register"  # a register that the law of the place names lists the address
    REGISTER_STALE = "register_stale"  # that register was not asked, or too long ago
    NOT_ESTABLISHED = "not_established"  # nobody wrote down what the law of the place asks
    FORBIDDEN = "forbidden"  # the law of the place, or of the trade, never allows it


@dataclass(frozen=True, slots=True)
class Identity:
    """An address as consent sees it, in its one spelling: `identity.email`, `.phone`, `.handle`."""

    kind: Kind
    value: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing said about one address. Entries are added and never changed.

    `None` as brand means the whole agency, as channel every channel, as purpose every purpose, as
    product every product. `block` says for what cause a block stands, or which one a lift ends.
    `evidence` says where the proof lies (an id, a file and its line), not what the person wrote.
    `kinds` say what a consent was like, in the words of `needs.yaml` (`None`: nobody wrote it
    down), and `wording` names the text agreed to. `id` and `recorded_at` are the ledger's to fill
    in. Raises `ValueError` on an instant without zone, on an empty brand, which would be mistaken
    for the agency, and on kinds of what is no grant.
    """

    brand: str | None
    identity_hash: bytes
    channel: Channel | None
    purpose: Purpose | None
    action: Action
    how: How
    evidence: str
    effective_at: datetime
    id: int | None = None
    recorded_at: datetime | None = None
    product: str | None = None
    block: Block | None = None
    kinds: tuple[str, ...] | None = None
    wording: str | None = None

    def __post_init__(self) -> None:
        if self.effective_at.tzinfo is None:
            raise ValueError("effective_at needs a time zone")
        if self.brand == "":
            raise ValueError("a brand has a name; None stands for the agency")
        if self.block is not None and self.action not in (Action.BLOCK, Action.LIFT):
            raise ValueError("only a block, and the lift that ends it, has a cause")
        if self.action is not Action.GRANT and (self.kinds, self.wording) != (None, None):
            raise ValueError("only a grant is of some kind, to some wording")


@dataclass(frozen=True, slots=True)
class Relationship:
    """What is on record of a person as a customer, counted by the caller; `None`: nothing is.

    `facts` are what is known of how the address was taken, in the words of `needs.yaml` under
    `sale`; what is not among them counts as not done. Raises `ValueError` on an instant without
    zone.
    """

    last_purchase: datetime | None = None
    contract_end: datetime | None = None
    last_contact: datetime | None = None
    inquiry: datetime | None = None
    facts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        known = (self.last_purchase, self.contract_end, self.last_contact, self.inquiry)
        if any(at is not None and at.tzinfo is None for at in known):
            raise ValueError("an instant needs a time zone")

    @property
    def customer(self) -> bool:
        """Whether there ever was a purchase or a contract."""
        return self.last_purchase is not None or self.contract_end is not None


STRANGER = Relationship()


@dataclass(frozen=True, slots=True)
class Question:
    """May this brand contact this address on this channel for this purpose?

    `former_hashes` are the same address under keys that are being replaced; `Registry.question`
    fills them in, and an answer counts what was said under any of them.

    With `jurisdictions` (ISO 3166, `US-FL`; empty where the place is unknown) the law of those
    places says what silence means, on the local date `on`, for a person of that `relationship`, and
    for a brand of that `sector`. Without them silence means what `decide.BY_CONTRACT` says.

    `confirms` makes it the question of another thing: may the message go, at the instant `at`, that
    confirms the withdrawal which holds since that instant? Raises `ValueError` on jurisdictions
    without a date, and on a confirmation without its own instant.
    """

    brand: str
    identity_hash: bytes
    channel: Channel
    purpose: Purpose
    former_hashes: tuple[bytes, ...] = ()
    product: str | None = None
    jurisdictions: tuple[str, ...] | None = None
    on: date | None = None
    relationship: Relationship = STRANGER
    sector: str | None = None
    confirms: datetime | None = None
    at: datetime | None = None

    def __post_init__(self) -> None:
        if self.jurisdictions is not None and self.on is None:
            raise ValueError("the law of a place has dates: say on which day you ask")
        if self.confirms is not None and self.at is None:
            raise ValueError("a confirmation has its time: say at which instant you ask")

    @property
    def hashes(self) -> tuple[bytes, ...]:
        """The address under every key, the current one first."""
        return (self.identity_hash, *self.former_hashes)


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer, the entry that it rests on (none where nobody spoke), and a sentence to show."""

    allowed: bool
    reason: Reason
    entry: Entry | None
    sentence: str
