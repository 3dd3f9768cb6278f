"""What do we call those who log in?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who works here. `login` is also their name as an agent, in queues and ledgers."""

    id: UUID
    login: str
    name: str


@dataclass(frozen=True, slots=True)
class Account:
    """A user as the agency sees them; `seats` are roles by the number of a brand."""

    user: User
    seats: Mapping[int, str]
    created_at: datetime
    disabled_at: datetime | None
    second_factor: bool


@dataclass(frozen=True, slots=True)
class Seated:
    """A user as one brand sees them: the role that they have there, and since when."""

    user: User
    role: str
    given_at: datetime
    disabled_at: datetime | None
    second_factor: bool


@dataclass(frozen=True, slots=True)
class Session:
    """A user who is logged in. `brand_id` is the brand that they chose last, where they chose."""

    user: User
    seats: Mapping[int, str]
    brand_id: int | None
