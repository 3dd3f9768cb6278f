"""How are many questions asked at once? One JSON object a line, a thousand lines a statement.

`{"address": "+447700900123", "brand": "north", "channel": "sms", "purpose": "survey"}`, and beside
it `region`, `product`, `jurisdictions`, `on`, `sector`, `relationship`. What cannot be read is
answered with `error`, and the rest goes on.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import lru_cache
from itertools import islice

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from sqlalchemy import Connection

from optout import identity, list_lines, sql
from optout.errors import OptOutError
from optout.model import Channel, Decision, Identity, Purpose, Question, Relationship
from optout.registry import Registry, Where

HANDFUL = 1000


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Custom(_Strict):
    """What is on record of a person as a customer, as instants with zone."""

    last_purchase: datetime | None = None
    contract_end: datetime | None = None
    last_contact: datetime | None = None
    inquiry: datetime | None = None
    facts: tuple[str, ...] = ()


class Asked(_Strict):
    """One question as a line puts it."""

    address: str
    brand: str
    channel: Channel
    purpose: Purpose
    region: str | None = None
    product: str | None = None
    jurisdictions: tuple[str, ...] | None = None
    on: date | None = None
    sector: str | None = None
    relationship: Custom = Custom()


_LINE = TypeAdapter(Asked)


def answers(
    registry: Registry[Connection], tx: Connection, lines: Iterable[str | bytes]
) -> Iterator[str]:
    """An answer a line, in the order of the lines, as JSON."""
    arriving = iter(lines)
    while handful := list(islice(arriving, HANDFUL)):
        questions = [_question(registry, line) for line in handful]
        said = _asked(registry, tx, [q for q in questions if isinstance(q, Question)])
        for question in questions:
            yield question if isinstance(question, str) else _shown(next(said))


def _asked(
    registry: Registry[Connection], tx: Connection, questions: list[Question]
) -> Iterator[Decision]:
    """One statement a brand; the transaction speaks for each in turn."""
    found: dict[int, Decision] = {}
    for brand in sorted({question.brand for question in questions}):
        sql.speak_for(tx, brand=brand)
        theirs = [n for n, question in enumerate(questions) if question.brand == brand]
        said = registry.ask_many(tx, [questions[n] for n in theirs])
        found |= zip(theirs, said, strict=True)
    return (found[n] for n in range(len(questions)))


def _question(registry: Registry[Connection], line: str | bytes) -> Question | str:
    """The question, or the answer that it cannot be read."""
    try:
        asked = _LINE.validate_json(line)
        where = Where(
            product=asked.product,
            jurisdictions=asked.jurisdictions,
            on=asked.on,
            sector=asked.sector,
            relationship=Relationship(**asked.relationship.model_dump()),
        )
        return registry.question(
            brand=asked.brand,
            identity=_identity(asked.address, asked.region),
            channel=asked.channel,
            purpose=asked.purpose,
            **where,
        )
    except ValidationError as wrong:
        told = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in wrong.errors())
        return json.dumps({"error": told.lstrip(": ")})
    except (OptOutError, ValueError) as wrong:
        return json.dumps({"error": str(wrong)})


@lru_cache(maxsize=1 << 14)
def _identity(text: str, region: str | None) -> Identity:
    if text.startswith("handle:"):
        return identity.handle(text.removeprefix("handle:"))
    return list_lines.address(text, region)


def _shown(answer: Decision) -> str:
    return json.dumps(
        {"allowed": answer.allowed, "reason": answer.reason, "sentence": answer.sentence},
        ensure_ascii=False,
    )
