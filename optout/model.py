"""What words does consent have? Channels, purposes, and who said what about an address."""

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
