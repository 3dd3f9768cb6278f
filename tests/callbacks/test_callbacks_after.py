"""What follows from each way in which a call may end?"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.callbacks import after, document
from outreach.callbacks.after import Again, Ended, Over, Said, follows
from outreach.callbacks.document import Disposition, Retry

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
ENDED = Ended(
    attempts=1, calls_at=[NOON], zone="Europe/Lisbon", now=NOON,
    useless_after=NOON + timedelta(days=3),
)  # fmt: skip
ENDINGS = document.built_in().endings


def always(_: datetime) -> bool:
    return True


NOTHING = Said()


def goes(key: str, said: Said = NOTHING, **changed: object) -> Over | Again:
    return follows(replace(ENDED, **changed), ENDINGS[key], said, admits=always)  # type: ignore[arg-type]  # fields of one dataclass


def test_whoever_was_reached_is_not_called_again() -> None:
    for key in ("reached", "done", "refused"):
        assert goes(key) == Over(reached=True)


def test_no_answer_is_tried_in_another_part_of_the_day() -> None:
    """Called at noon, so not before five in the evening: three hours are not enough."""
    again = goes("no_answer")
    assert again == Again(datetime(2026, 3, 10, 17, tzinfo=UTC))


def test_another_time_of_day_is_one_that_is_admitted() -> None:
    """Evenings are closed here, so the next morning it is."""

    def by_day(at: datetime) -> bool:
        return 9 <= at.hour < 17

    again = follows(ENDED, ENDINGS["no_answer"], Said(), admits=by_day)
    assert again == Again(datetime(2026, 3, 11, 9, tzinfo=UTC))


def test_so_often_and_not_more() -> None:
    assert goes("no_answer", attempts=3) == Over(reached=False, reason="not_reached")
    assert isinstance(goes("no_answer", attempts=2), Again)


def test_nothing_is_tried_after_its_last_useful_moment() -> None:
    soon = NOON + timedelta(hours=2)
    assert goes("no_answer", useless_after=soon) == Over(reached=False, reason="not_reached")


def test_a_wrong_number_needs_another_one() -> None:
    assert goes("wrong_number") == Over(reached=False, reason="wrong_number")
    assert goes("wrong_number", other_number="+351210009999") == Again(NOON, other_number=True)


def test_a_wrong_number_is_never_dialled_again() -> None:
    """However the queue retries other calls, this one goes on at the other number alone."""
    same = replace(ENDINGS["wrong_number"], retry=Retry(after=timedelta(hours=1), times=3))
    ended = replace(ENDED, other_number="+351210009999")
    again = follows(ended, same, NOTHING, admits=always)
    assert isinstance(again, Again)
    assert again.other_number


def test_a_promise_is_kept_by_whoever_gave_it() -> None:
    later = NOON + timedelta(days=1)
    said = Said(promised=later, only_me=True)
    assert goes("promised", said) == Again(later, promised=True, only_me=True)


def test_another_language_and_somebody_higher_are_asked_at_once() -> None:
    assert goes("language", Said(language="pt")) == Again(NOON, language="pt")
    assert goes("escalate") == Again(NOON, escalated=True)


@settings(max_examples=100)
@given(
    hours=st.integers(0, 100),
    attempts=st.integers(1, 6),
    times=st.integers(1, 6),
    opens=st.integers(0, 22),
)
def test_a_retry_is_later_useful_and_counted(
    hours: int, attempts: int, times: int, opens: int
) -> None:
    """However it is set: never before its span, never past the end, never once too often."""
    span = timedelta(hours=hours)
    way = Disposition(
        key="silent", name={"en": "Silent"}, means="again",
        retry=Retry(after=span, times=times, other_time=True),
    )  # fmt: skip
    ended = replace(ENDED, attempts=attempts)
    found = follows(ended, way, Said(), admits=lambda at: at.hour >= opens)
    if isinstance(found, Again):
        assert NOON + span <= found.due_at < ended.useless_after
        assert attempts < times
    else:
        assert found.reason == after.NOT_REACHED
