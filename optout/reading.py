"""What did this reply mean? Withdraw, restore, help, unsure, or none of our business here.

In this order, and the first that says something is the answer:

1. The text gets one spelling (`reading_spelling`).
2. What the pending question offered is an answer to it (`reading_keywords`).
3. The whole message is a keyword, everywhere or in the sender's country.
4. A phrase of refusal stands in it, and no harmless phrase ("can't stop loving it") covers that
   (`reading_phrases`).
5. It smells of refusal, or two words near each other do (`reading_net`): unsure. The caller then
   mutes marketing at once and asks a person.
6. No phrase knows it, but its pieces weigh toward a refusal (`reading_weights`): unsure too.

Doubt means unsure, and never none.
"""

from optout import reading_keywords as keywords
from optout import reading_words as words
from optout.model import Channel
from optout.reading_model import Intent, PendingQuestion, Reading, Scope
from optout.reading_phrases import phrase
from optout.reading_spelling import spelling
from optout.reading_weights import doubted

__all__ = ["Intent", "PendingQuestion", "Reading", "Scope", "read"]


def read(
    text: str,
    *,
    country: str | None,
    language: str | None = None,
    pending: PendingQuestion | None = None,
    channel: Channel | None = None,
) -> Reading:
    """Say what a reply means. `country` (ISO 3166-1) and `language` (BCP 47) are the sender's.

    Every language is tried whatever `language` says: it only lends its keywords' conventions where
    the country is not known. Without a country the strictest one counts.
    """
    spelled = spelling(_unquoted(text) if channel is Channel.EMAIL else text)
    if not spelled:
        return _sign(text)
    said = keywords.without_courtesies(spelled)
    place = keywords.Place((country or "").upper(), (language or "").lower().startswith("zh"))
    return (
        keywords.offered(said, pending)
        or keywords.keyword(said, place)
        or keywords.answer(said, pending)
        or phrase(spelled, channel)
        or doubted(spelled)
        or Reading(Intent.NONE)
    )


def _sign(text: str) -> Reading:
    """A message without any word: a raised hand or a stop sign is a doubtful one."""
    seen = next((sign for sign in words.whole().signs if sign in text), None)
    return Reading(Intent.UNSURE, Scope.ALL, seen, "sign") if seen else Reading(Intent.NONE)


def _unquoted(text: str) -> str:
    """A mail without the lines it quotes, whose footer speaks of unsubscribing."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith(">")]
    return "\n".join(lines)
