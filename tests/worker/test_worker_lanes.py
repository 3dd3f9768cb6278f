"""Does one kind of work leave threads to the others, and is nothing that did not fit forgotten?"""

from threading import Event, Thread

import pytest

from outreach.lanes import Lane


def test_what_does_not_fit_is_asked_for_again_once_a_job_has_ended() -> None:
    """Given a lane for one, when two more of one kind and one of another come, each kind is asked
    for again, once, and not before the job ended."""
    lane, told = Lane(1), list[str]()

    def job() -> None:
        for what in ("mail", "mail", "text"):
            lane.take(what, lambda: told.append("began"), lambda what=what: told.append(what))  # type: ignore[misc]
        told.append("ended")

    lane.take("mail", job, lambda: told.append("again"))
    assert told == ["ended", "mail", "text"]


def test_a_lane_holds_as_many_as_it_is_wide() -> None:
    """Given a lane for two, when three come at a time, two go on."""
    lane, began = Lane(2), list[int]()

    def job(depth: int) -> None:
        began.append(depth)
        lane.take(depth + 1, lambda: job(depth + 1), lambda: None)

    lane.take(0, lambda: job(0), lambda: None)
    assert began == [0, 1]


def test_a_second_job_of_one_kind_begins_a_while_after_the_first() -> None:
    """Given a lane for two, when the same is asked for at once and a second later, to be a second
    apart, the one is asked for again, and the other begins beside what goes on."""
    now, told = [0.0], list[str]()
    lane = Lane(2, steady=lambda: now[0])

    def job() -> None:
        lane.take("mail", lambda: told.append("at once"), lambda: told.append("again"), apart=1.0)
        now[0] += 1.0
        lane.take("mail", lambda: told.append("later"), lambda: None, apart=1.0)

    lane.take("mail", job, lambda: None)
    assert told == ["later", "again"]


def test_the_older_of_two_that_ends_leaves_the_younger_its_age() -> None:
    """Given two of one kind a second apart, when the older ends, a third has to wait."""
    now, told, begun, may_end = [0.0], list[str](), (Event(), Event()), (Event(), Event())
    lane = Lane(3, steady=lambda: now[0])

    def job(number: int) -> None:
        begun[number].set()
        may_end[number].wait(10)

    def take(number: int) -> None:
        lane.take("mail", lambda: job(number), lambda: None, apart=1.0)

    both = [Thread(target=take, args=(number,)) for number in range(2)]
    for number, thread in enumerate(both):
        now[0] = float(number)
        thread.start()
        assert begun[number].wait(10)
    may_end[0].set()
    both[0].join()
    lane.take("mail", lambda: told.append("began"), lambda: told.append("again"), apart=1.0)
    may_end[1].set()
    both[1].join()
    assert told == ["again"]


def test_a_job_that_breaks_leaves_its_place() -> None:
    """Given a job that raises, when the next comes, there is room."""
    lane, began = Lane(1), list[bool]()

    def broken() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        lane.take("mail", broken, lambda: None)
    lane.take("mail", lambda: began.append(True), lambda: None)
    assert began == [True]
