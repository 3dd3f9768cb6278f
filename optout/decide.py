"""Given all that was said about an address, what is the answer to one question?

Six rules, in this order, none of which reads a clock or a table:

1. A block that covers the question wins. Only a later lift of the very same scope ends it.
2. Otherwise the newest grant or withdrawal that covers the question is the answer. So a wide
   withdrawal beats a narrow grant before it, and a later grant restores what it covers, no more.
3. Entries out of a file never reopen anything: an imported grant counts where nobody withdrew, and
   an imported lift ends a block of its own source alone.
4. Where nobody refused and the question names its places, the law of every one of them has to be
   content (`ground`): with permission, with a customer's relationship, or with silence.
5. A question that names the refusal it would confirm is answered by what law says of that alone
   (`confirming`), after the blocks.
6. Where nobody spoke and no place is named, what serves an order or a contract is allowed and all
   else is not.

What was said at the same instant is read the stricter way, so order never matters.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from optout import confirming, ground
from optout.ground import Objection, Standing
from optout.model import Action, Decision, Entry, How, Purpose, Question, Reason
from optout.rules import Ruling
from optout.scrubs import NOTHING, Scrub, Scrubs

BY_CONTRACT = frozenset({Purpose.TRANSACTIONAL, Purpose.SERVICE})
FROM_FILES = frozenset({How.IMPORT, How.REGISTER})


def decide(
    question: Question,
    entries: Iterable[Entry],
    *,
    ruling: Ruling | None = None,
    scrubs: Scrubs = NOTHING,
) -> Decision:
    """The answer to one question. Entries that do not concern it may be among them.

    `ruling` is the law of the question's places, and `scrubs` what lists say of the address.
    """
    heard = [entry for entry in entries if reaches(entry, question)]
    said = [entry for entry in heard if covers(entry, question)]
    if blocks := _standing_blocks(said):
        return _rests_on(max(blocks, key=_age), Reason.BLOCKED, question)
    lists, binding = scrubs.of(question.hashes, brand=question.brand, channel=question.channel)
    if binding:
        return _listed(binding[0], question)
    if question.confirms is not None:
        return confirming.answer(question, heard, ruling)
    newest = max(_words_that_count(said), key=_age, default=None)
    if newest is not None and newest.action is Action.WITHDRAW:
        return _rests_on(newest, Reason.WITHDRAWN, question)
    if ruling is not None:
        standing = Standing(newest, question.purpose, question.relationship, lists, ruling.on)
        return _by_law(ruling, standing, newest, question)
    return _silence(question) if newest is None else _rests_on(newest, Reason.GRANTED, question)


def _by_law(
    ruling: Ruling, standing: Standing, newest: Entry | None, question: Question
) -> Decision:
    if no := ground.objection(ruling, standing):
        return _refused(no, newest, question)
    reason = ground.reason(ruling, standing)
    if newest is not None and reason is Reason.GRANTED:
        return _rests_on(newest, reason, question)
    sentence = f"{_GROUNDS[reason]}: {_what(question)}."
    return Decision(allowed=True, reason=reason, entry=None, sentence=sentence)


def covers(entry: Entry, question: Question) -> bool:
    """Whether the entry speaks of this address, brand, channel and purpose."""
    return (
        reaches(entry, question)
        and entry.purpose in (None, question.purpose)
        and entry.product in (None, question.product)
    )


def reaches(entry: Entry, question: Question) -> bool:
    """Whether the entry speaks of this address, brand and channel, whatever the purpose."""
    return (
        entry.identity_hash in question.hashes
        and entry.brand in (None, question.brand)
        and entry.channel in (None, question.channel)
    )


def _standing_blocks(said: Sequence[Entry]) -> list[Entry]:
    lifts = [entry for entry in said if entry.action is Action.LIFT]
    return [
        entry
        for entry in said
        if entry.action is Action.BLOCK and not any(_ends(lift, entry) for lift in lifts)
    ]


def _ends(lift: Entry, block: Entry) -> bool:
    same_scope = _scope(lift) == _scope(block)
    may = lift.how not in FROM_FILES or lift.how is block.how
    return same_scope and may and lift.effective_at > block.effective_at


def _scope(entry: Entry) -> tuple[str | None, ...]:
    return entry.brand, entry.channel, entry.purpose, entry.product, entry.block


def _words_that_count(said: Sequence[Entry]) -> list[Entry]:
    """Grants and withdrawals; once somebody withdrew, grants out of files are left aside."""
    words = [entry for entry in said if entry.action in (Action.GRANT, Action.WITHDRAW)]
    if all(entry.action is Action.GRANT for entry in words):
        return words
    return [e for e in words if e.action is Action.WITHDRAW or e.how not in FROM_FILES]


def _age(entry: Entry) -> tuple[datetime, bool, int, str]:
    """Newest last; at one instant the withdrawal last; the rest only makes the choice definite."""
    rest = (*_scope(entry), entry.how, entry.evidence)
    return entry.effective_at, entry.action is Action.WITHDRAW, entry.id or 0, repr(rest)


def _silence(question: Question) -> Decision:
    if question.purpose in BY_CONTRACT:
        sentence = f"Nobody objected, and {question.purpose} contact needs no consent."
        return Decision(allowed=True, reason=Reason.CONTRACT, entry=None, sentence=sentence)
    sentence = (
        f"Nobody consented to {question.purpose} by {question.channel} from {question.brand}."
    )
    return Decision(allowed=False, reason=Reason.NO_CONSENT, entry=None, sentence=sentence)


def _what(question: Question) -> str:
    return f"{question.purpose} by {question.channel} from {question.brand}"


def _listed(scrub: Scrub, question: Question) -> Decision:
    edition = scrub.edition
    sentence = f"Blocked by the list {edition.name} of {edition.as_of}: {_what(question)}."
    return Decision(allowed=False, reason=Reason.BLOCKED, entry=None, sentence=sentence)


def _refused(no: Objection, newest: Entry | None, question: Question) -> Decision:
    where = {"default": "an unknown place", "house": "the house's own rule"}
    place = where.get(no.rule.jurisdiction, no.rule.jurisdiction)
    sentence = f"For {place}, {no.sentence}: {_what(question)}."
    return Decision(allowed=False, reason=no.reason, entry=newest, sentence=sentence)


def _rests_on(entry: Entry, reason: Reason, question: Question) -> Decision:
    when = entry.effective_at.isoformat(timespec="seconds")
    sentence = f"{_VERBS[reason]} since {when} (by {entry.how}): {_what(question)}."
    return Decision(allowed=reason is Reason.GRANTED, reason=reason, entry=entry, sentence=sentence)


_VERBS = {
    Reason.GRANTED: "Consented to",
    Reason.WITHDRAWN: "Withdrawn",
    Reason.BLOCKED: "Blocked",
}

_GROUNDS = {
    Reason.CONTRACT: "Nobody objected, and an order or a contract needs it",
    Reason.NO_OBJECTION: "Nobody objected, and the law there waits for an objection",
    Reason.CUSTOMER: "Nobody objected, and a customer's relationship stands in for consent",
}
