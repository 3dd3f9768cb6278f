"""What do tests of the command line stand on? `main` itself, its environment and what it said."""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from outreach.app import Outreach
from outreach.cli.main import main
from outreach.hours import packs
from outreach.settings import Settings


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended, and what it said where."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # whatever the command answers with
        """Standard output, which must be one JSON document and nothing else."""
        return json.loads(self.out)


Run = Callable[..., Said]


def environment(settings: Settings) -> dict[str, str]:
    """The variables that say the same as these settings."""
    return {
        "OUTREACH_DATABASE_URL": settings.database_url,
        "OUTREACH_REDIS_URL": settings.redis_url,
        "OUTREACH_SECRET_KEY": settings.secret_key,
        "OUTREACH_EMAIL": settings.email,
        "OUTREACH_SMS": settings.sms,
        "OUTREACH_CLOCK": settings.clock,
    }


# Each command is a process that reads the packs once; here all of them are one process.
_load_once = lru_cache(maxsize=1)(packs.load)


@pytest.fixture(autouse=True)
def _packs_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packs, "load", _load_once)


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command where nothing is configured but what it is told."""
    for name in [name for name in os.environ if name.startswith("OUTREACH_")]:
        monkeypatch.delenv(name)

    def run(*words: object, **variables: str) -> Said:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["outreach", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Said(int(ended.value.code or 0), said.out, said.err)

    return run


@pytest.fixture
def run(bare: Run, settings: Settings) -> Run:
    """Run a command on an installation of this test's own."""

    def on_this(*words: object, **variables: str) -> Said:
        return bare(*words, **environment(settings) | variables)

    return on_this


@pytest.fixture
def shared_run(bare: Run, shared_app: Outreach) -> Run:
    """Run a command on an installation that the tests of a module share."""

    def on_that(*words: object, **variables: str) -> Said:
        return bare(*words, **environment(shared_app.settings) | variables)

    return on_that


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """Write a file of this name and say where it is."""

    def write(name: str, text: str | bytes) -> Path:
        file = tmp_path / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    return write
