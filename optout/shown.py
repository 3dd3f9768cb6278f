"""How are an entry, and the law of a place, said in plain lines and as values for JSON?"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date

from optout.model import Channel, Entry, Purpose
from optout.regimes import Regimes
from optout.rules import Deadline, Register, Relation, Ruling

NO_ADVICE = "Engineering reference, not legal advice."


def entry(said: Entry) -> dict[str, object]:
    """An entry as values for JSON: the hash in hexadecimal, instants in ISO 8601."""
    instants = {
        "effective_at": said.effective_at.isoformat(),
        "recorded_at": said.recorded_at.isoformat() if said.recorded_at else None,
    }
    return asdict(said) | {"identity_hash": said.identity_hash.hex()} | instants


def entry_line(said: Entry) -> str:
    """An entry as a sentence."""
    brand, channel = said.brand or "the agency", said.channel or "every channel"
    what = f"{said.action} {said.purpose or 'every purpose'} on {channel} for {brand}"
    return f"{said.effective_at.isoformat()} {what} (by {said.how}, {said.evidence})"


def table(regimes: Regimes, code: str, *, on: date) -> Iterator[str]:
    """One line for each channel and purpose: the law's regime, and with the house's on top."""
    yield f"{' > '.join(regimes.chain(code))} on {on}. {NO_ADVICE}"
    for channel in Channel:
        for purpose in Purpose:
            rule = regimes.rule(code, channel, purpose, on)
            both = regimes.ruling((code,), channel, purpose, on=on)
            yield (
                f"{channel:6} {purpose:14} {rule.regime:13} with the house: {both.regime:13} "
                f"from {rule.jurisdiction}: {rule.source}"
            )


def lines(ruling: Ruling, meanings: Regimes) -> Iterator[str]:
    """A ruling, as lines of `what: words`."""
    yield f"regime: {ruling.regime}"
    yield from _each("register", map(_register, ruling.registers))
    yield from _each("relationship", map(_relation, ruling.relations))
    yield from _each("needs", (f"{need}: {meanings.needs[need]}" for need in ruling.needs))
    yield from _each("label", (f"{one.text} ({one.at}, by {one.basis})" for one in ruling.labels))
    if ruling.deadline:
        yield f"deadline: {_deadline(ruling.deadline)}"
    yield from _each("confirmation", (one.says for one in ruling.confirmations))
    yield from _each("records", ruling.records)
    for rule in ruling.rules:
        yield f"source: {rule.jurisdiction}: {rule.source} ({rule.confidence}, {rule.evidence})"
        yield f"note: {rule.note}"
    yield NO_ADVICE


def plain(ruling: Ruling) -> dict[str, object]:
    """The same as values for JSON."""
    return {
        "regime": ruling.regime,
        "registers": [
            {"name": one.name, "max_age_days": one.max_age_days} for one in ruling.registers
        ],
        "relationships": [_relation(one) for one in ruling.relations],
        "needs": list(ruling.needs),
        "labels": [{"text": one.text, "at": one.at} for one in ruling.labels],
        "deadline": _deadline(ruling.deadline) if ruling.deadline else None,
        "confirmations": [one.says for one in ruling.confirmations],
        "records": list(ruling.records),
        "sources": [rule.source for rule in ruling.rules],
    }


def _each(name: str, words: Iterable[str]) -> Iterator[str]:
    return (f"{name}: {word}" for word in words)


def _register(one: Register) -> str:
    age = f"{one.max_age_days} days old at most" if one.max_age_days else "asked that very day"
    return f"{one.name}, {age} (by {one.basis})"


def _relation(one: Relation) -> str:
    period = f"{one.days} days from" if one.days else "while it runs:"
    inquiry = f", {one.inquiry_days} days from an inquiry" if one.inquiry_days else ""
    return f"{period} {one.since}{inquiry}, relieves of {one.relieves}"


def _deadline(deadline: Deadline) -> str:
    days = f"{deadline.days} {deadline.counted} days" if deadline.days else "at once"
    return f"{days}; {deadline.also}" if deadline.also else days
