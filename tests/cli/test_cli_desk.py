"""Is a command that cannot or shall not run beside embedded servers told apart in time?"""

import signal
from collections.abc import Mapping
from pathlib import Path

import pytest

from outreach.cli import desk
from tests.cli.conftest import Run


@pytest.mark.parametrize(
    ("words", "variables", "code", "sentence"),
    [
        ((), {}, 2, "say what to run: outreach embedded -- COMMAND"),
        (("no-such-program",), {}, 2, "there is no program 'no-such-program' to run"),
        (("true",), {"OUTREACH_REDIS_URL": "redis://own"}, 3, "set both"),
        (("true",), {"OUTREACH_DATABASE_URL": "postgresql://own"}, 3, "set both"),
    ],
)
def test_what_cannot_be_run_is_told_before_a_server_starts(
    bare: Run, tmp_path: Path, words: tuple[str, ...], variables: Mapping[str, str],
    code: int, sentence: str,
) -> None:  # fmt: skip
    home = tmp_path / "var"
    said = bare("embedded", "--", *words, **{"OUTREACH_HOME": str(home), **variables})
    assert (said.code, said.out) == (code, "")
    assert sentence in said.err
    assert not home.exists()


def test_a_signal_before_the_program_begins_keeps_it_from_beginning(tmp_path: Path) -> None:
    mark, before = tmp_path / "ran", signal.getsignal(signal.SIGTERM)
    with desk._signals_to(desk.Program()) as program:
        signal.raise_signal(signal.SIGTERM)
        assert program.run(["touch", str(mark)], {}) == 128 + signal.SIGTERM
    assert not mark.exists()
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_program_that_a_signal_ended_says_so_as_a_shell_would() -> None:
    assert desk.Program().run(["sh", "-c", "kill -9 $$"], {}) == 128 + signal.SIGKILL


def test_servers_of_ones_own_are_left_to_the_program(bare: Run) -> None:
    own = {"OUTREACH_DATABASE_URL": "postgresql://own", "OUTREACH_REDIS_URL": "redis://own"}
    said = bare(
        "embedded", "--", "sh", "-c", 'test "$OUTREACH_DATABASE_URL" = postgresql://own', **own
    )
    assert said.code == 0
