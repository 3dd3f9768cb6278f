"""What does a provider tell of how messages fared?  `POST /api/v1/receipts`"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import AwareDatetime, Field

from outreach import ids
from outreach.channels.receipts import Kind
from outreach.inbound.receipts import Noted, Receipt, receive
from outreach.web.auth import Authorized
from outreach.web.shapes import Note, Text

router = APIRouter(tags=["receipts"])


@dataclass(frozen=True, slots=True)
class Heard:
    """What is told of one message. `reference` is the touch's id, as the provider got it."""

    reference: Text
    kind: Kind
    at: AwareDatetime | None = None
    detail: Note | None = None


@dataclass(frozen=True, slots=True)
class Receipts:
    """Receipts in any order; sending one twice changes nothing."""

    receipts: Annotated[tuple[Heard, ...], Field(min_length=1, max_length=1000)]


@router.post("/receipts")
def report_receipts(caller: Authorized, told: Receipts) -> Noted:
    """Take in receipts. A hard bounce and a complaint block the address on that channel."""
    return receive(caller.means, caller.brand, [_receipt(one) for one in told.receipts])


def _receipt(one: Heard) -> Receipt:
    at: datetime | None = one.at
    return Receipt(ids.read(ids.TOUCH, one.reference), one.kind, at, one.detail)
