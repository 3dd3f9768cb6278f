"""Does a known hole fail the check, and a service that is away does not?"""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests import advisories
from tests.advisories import Answer

HOLE = {"id": "PYSEC-0000-1", "fix_versions": ["2.0"], "aliases": []}


def told(*holes: object) -> Answer:
    one = {"name": "some-package", "version": "1.0", "vulns": [*holes]}
    return Answer(json.dumps({"dependencies": [one, {"name": "b", "skip_reason": "?"}]}))


@pytest.fixture
def locked(tmp_path: Path) -> Path:
    path = tmp_path / "locked.txt"
    path.write_text("some-package==1.0\n")
    return path


def test_a_known_hole_fails_the_check_each_time(locked: Path) -> None:
    for _ in range(2):
        status, said = advisories.look(
            lambda _: told(HOLE), locked=locked, clean=locked.with_name("clean"), day="2026-03-10"
        )
        assert (status, "some-package 1.0: PYSEC-0000-1, mended in 2.0" in said) == (1, True)


@pytest.mark.parametrize("answer", [Answer("", "cannot resolve"), Answer("<html>"), Answer("[]")])
def test_a_service_that_is_away_is_said_loudly_and_fails_nothing(
    locked: Path, answer: Answer
) -> None:
    clean = locked.with_name("clean")
    status, said = advisories.look(lambda _: answer, locked=locked, clean=clean, day="2026-03-10")
    assert (status, "NOT CHECKED" in said, clean.exists()) == (0, True, False)


def test_what_was_clean_is_asked_again_the_next_day_or_for_other_packages(locked: Path) -> None:
    asked = []

    def ask(command: Sequence[str]) -> Answer:
        asked.append(command)
        return told()

    def looked(day: str) -> int:
        clean = locked.with_name("clean")
        return advisories.look(ask, locked=locked, clean=clean, day=day)[0]

    assert [looked("2026-03-10"), looked("2026-03-10"), len(asked)] == [0, 0, 1]
    looked("2026-03-11")
    locked.write_text("some-package==1.1\n")
    looked("2026-03-11")
    assert len(asked) == 3
