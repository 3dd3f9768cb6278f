"""What do replies mean? The rules one by one; the corpus shows how they do together."""

import time

import pytest

from optout import reading_patterns
from optout.model import Channel
from optout.reading import Intent, PendingQuestion, Reading, Scope, read
from optout.reading_patterns import SPACED

YES_OR_NO = PendingQuestion(("yes", "no"))
US = {"country": "US"}


def test_a_keyword_that_is_the_whole_message_withdraws() -> None:
    assert read("Stop.", **US) == Reading(Intent.WITHDRAW, Scope.ALL, "stop", "keyword")


@pytest.mark.parametrize(
    ("country", "language", "intent"),
    [
        ("CN", None, Intent.WITHDRAW),
        ("cn", "zh-Hans", Intent.WITHDRAW),
        (None, "zh-CN", Intent.WITHDRAW),
        ("TW", "zh-Hant", Intent.UNSURE),
        (None, None, Intent.UNSURE),
        ("US", "en", Intent.NONE),
        ("DE", None, Intent.NONE),
    ],
)
def test_a_single_letter_withdraws_only_where_that_is_the_convention(
    country: str | None, language: str | None, intent: Intent
) -> None:
    assert read("T", country=country, language=language).intent is intent


@pytest.mark.parametrize(
    ("country", "intent"), [("US", Intent.WITHDRAW), (None, Intent.WITHDRAW), ("GB", Intent.UNSURE)]
)
def test_cancel_withdraws_where_the_law_says_so(country: str | None, intent: Intent) -> None:
    """47 CFR 64.1200(a)(10); without a known country the strictest one counts."""
    assert read("cancel", country=country).intent is intent


@pytest.mark.parametrize("said", ["YES", "No", "1", "好", "no thanks"])
def test_an_answer_to_a_pending_question_is_nothing_else(said: str) -> None:
    assert read(said, **US, pending=PendingQuestion()).intent is Intent.NONE


def test_yes_never_restores() -> None:
    assert read("YES", **US).intent is Intent.NONE
    assert read("yes", **US, pending=YES_OR_NO).intent is Intent.NONE


def test_a_letter_that_the_question_offered_is_its_answer() -> None:
    assert read("N", country="CN", pending=PendingQuestion(("Y", "N"))).rule == "answer"
    assert read("N", country="CN", pending=YES_OR_NO).intent is Intent.WITHDRAW


def test_a_word_of_refusal_that_the_question_offered_is_doubtful() -> None:
    offered = PendingQuestion(("confirm", "cancel"))
    assert read("cancel", **US, pending=offered).intent is Intent.UNSURE
    assert read("stop", **US, pending=offered).intent is Intent.WITHDRAW


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("start", Intent.RESTORE),
        ("I want to start again", Intent.UNSURE),
        ("we start on Monday", Intent.NONE),
        ("opt me back in", Intent.UNSURE),
    ],
)
def test_only_a_keyword_alone_restores(text: str, intent: Intent) -> None:
    assert read(text, **US).intent is intent


@pytest.mark.parametrize(
    ("channel", "scope"),
    [(Channel.SMS, Scope.CHANNEL), (None, Scope.CHANNEL), (Channel.EMAIL, Scope.OTHERS)],
)
def test_email_only_keeps_the_mail(channel: Channel | None, scope: Scope) -> None:
    assert read("email only please", **US, channel=channel).scope is scope


@pytest.mark.parametrize(
    ("channel", "scope"),
    [(Channel.SMS, Scope.CHANNEL), (None, Scope.CHANNEL), (Channel.EMAIL, Scope.ALL)],
)
def test_a_channel_that_is_named_elsewhere_ends_all(channel: Channel | None, scope: Scope) -> None:
    """What names another channel than its own could mean either: the wider one counts."""
    assert read("stop texting me", **US, channel=channel).scope is scope


def test_a_harmless_phrase_covers_only_itself() -> None:
    assert read("I can't stop loving it", **US).intent is Intent.NONE
    both = "I can't stop loving it, but please stop texting me"
    assert read(both, **US).matched == "stop texting"


def test_a_mail_is_read_without_what_it_quotes() -> None:
    mail = "Thank you!\n\n> To unsubscribe, press this link."
    assert read(mail, country=None, channel=Channel.EMAIL).intent is Intent.NONE


@pytest.mark.parametrize(
    ("text", "intent"), [("🛑", Intent.UNSURE), ("🙂", Intent.NONE), ("", Intent.NONE)]
)
def test_a_message_without_words(text: str, intent: Intent) -> None:
    assert read(text, **US).intent is intent


def test_a_refusal_at_either_end_of_a_long_message_is_found() -> None:
    story = "I walked to the shop and it was open. " * 500
    assert read("Please unsubscribe me. " + story, **US).intent is Intent.WITHDRAW
    assert read(story + "Please unsubscribe me.", **US).intent is Intent.WITHDRAW
    assert read(story, **US).intent is Intent.NONE


@pytest.mark.parametrize(
    "piece",
    [
        "stop ", "please ", "do not ", "s t o p ", "i dont want to get any more ", "a", "= ",
        "no more of your ", "never ever send me any ", "how do i stop ", "stop the ", "e\u0301",
        "退", "不要再给我", "停止一切", "もう送", "보내지 ", "\u200b", "🛑", "ne me plus ",
        "keine weiteren ", "no quiero que me ", "não quero mais ",
    ],
)  # fmt: skip
def test_no_reply_makes_reading_slow(piece: str) -> None:
    """Ten thousand characters of the worst kind take no minutes, as a careless pattern would."""
    read("warm up", country=None)
    began = time.process_time()
    read(piece * (10_000 // len(piece)), country=None)
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "phrase", ["", "^", "stop (it)", "(stop)", "stop (it", "stop <a b>", "!no"]
)
def test_a_phrase_outside_the_notation_is_refused(phrase: str) -> None:
    """A last part that may be missing asks for nothing, and was meant otherwise."""
    with pytest.raises((ValueError, KeyError)):
        reading_patterns.finder(SPACED, [("en.withdraw", phrase)], {})


def test_the_notation_finds_what_it_says() -> None:
    found = reading_patterns.finder(
        SPACED, [("x", "^ <end> (all) !one ... call*|text $")], {"end": ["quit", "no more"]}
    )
    for fits in ("quit two calls ", "no more all two three text ", "quit all all call "):
        assert [hit.start for hit in found.hits(fits)] == [0], fits
    for not_so in (
        "quit one ",
        "please quit two calls ",
        "quit two calls now ",
        "quitting a call ",
    ):
        assert not list(found.hits(not_so)), not_so
