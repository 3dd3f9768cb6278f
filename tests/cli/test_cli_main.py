"""Does every error end in a sentence that says where and what to do, and in its exit code?"""

import re
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from outreach import hints
from outreach.embedded.desk import Servers
from tests import builders as b
from tests.cli.conftest import Run

AWAY = "postgresql://nobody@127.0.0.1:1/none"


def test_it_says_which_version_it_is(bare: Run) -> None:
    said = bare("--version")
    assert (said.code, said.out) == (0, f"{version('outreach')}\n")


def test_without_a_command_it_shows_what_there_is(bare: Run) -> None:
    said = bare()
    assert said.code == 2
    assert "campaigns" in said.out + said.err


def test_an_unknown_setting_is_refused_with_the_one_that_was_meant(bare: Run) -> None:
    said = bare("brands", "list", OUTREACH_DATABSE_URL=AWAY)
    assert said.code == 3
    assert "did you mean OUTREACH_DATABASE_URL?" in said.err


@pytest.mark.parametrize(
    ("variable", "value", "word"),
    [
        ("OUTREACH_DATABASE_URL", "", "OUTREACH_DATABASE_URL is not set"),
        ("OUTREACH_DATABASE_URL", "lumen", "OUTREACH_DATABASE_URL cannot be read"),
        ("OUTREACH_SECRET_KEY", "", "OUTREACH_SECRET_KEY is not set"),
        ("OUTREACH_SECRET_KEY", "short", "needs at least"),
        ("OUTREACH_TICK", "soon", "OUTREACH_TICK is 'soon'"),
        ("OUTREACH_EMAIL", "pigeon:", "no way out is called 'pigeon'"),
        ("OUTREACH_CLOCK", "file:/none", "OUTREACH_CLOCK"),
    ],
)
def test_a_setting_that_cannot_be_is_named(bare: Run, variable: str, value: str, word: str) -> None:
    known = {"OUTREACH_DATABASE_URL": AWAY, "OUTREACH_SECRET_KEY": "k" * 32}
    said = bare("brands", "list", **known | {variable: value})
    assert (said.code, said.out) == (3, "")
    assert word in said.err
    assert "Traceback" not in said.err


def test_a_database_that_is_away_is_trouble(shared_run: Run) -> None:
    said = shared_run("campaigns", "list", "-b", "lumen", OUTREACH_DATABASE_URL=AWAY)
    assert (said.code, said.out) == (4, "")
    assert re.match(r"error: the database .*refused.*\n\Z", said.err)


def test_a_database_without_tables_is_misconfigured(shared_run: Run, migrated: Servers) -> None:
    said = shared_run("brands", "list", OUTREACH_DATABASE_URL=migrated.superuser_url)
    assert said.code == 3
    assert "outreach check" in said.err


BRANDED = (
    ("campaigns", "list"),
    ("campaigns", "activate", "k"),
    ("campaigns", "pause", "k"),
    ("touches", "list"),
    ("explain", "c-1"),
    ("ledger", "reconcile"),
    ("ledger", "let-go"),
    ("tasks", "list"),
    ("tasks", "take", "--agent", "a"),
    ("consent", "change", "c-1", "grant", "--evidence", "form"),
    ("brands", "key"),
    ("brands", "stop"),
)


def test_an_unknown_brand_is_named_by_whoever_is_asked_for_it(
    shared_run: Run, written: Callable[[str, str], Path]
) -> None:
    people = written("people.csv", "ref,name\nc-1,Ada\n")
    events = written("events.ndjson", "\n")
    campaign = written("campaign.yaml", b.written())
    imports = (
        ("people", "import", people), ("events", "import", events),
        ("campaigns", "import", campaign),
    )  # fmt: skip
    for words in (*BRANDED, *imports):
        said = shared_run(*words, "--brand", "nobody")
        assert (said.code, said.out) == (2, ""), words
        assert said.err.startswith("error: there is no brand 'nobody'; `outreach brands import")


def test_an_error_is_one_line_however_narrow_the_terminal(shared_run: Run) -> None:
    said = shared_run("campaigns", "list", "-b", "x" * 300, COLUMNS="40")
    assert said.err.count("\n") == 1


def test_what_others_wrote_is_no_markup(shared_run: Run) -> None:
    said = shared_run("touches", "list", "-b", "[red]:key:[/red]")
    assert "'[red]:key:[/red]'" in said.err


@pytest.fixture
def evicting(migrated: Servers) -> Iterator[None]:
    """The same Valkey, throwing keys away when it is full."""
    with hints.client(migrated.redis_url) as connection:
        connection.config_set("maxmemory-policy", "allkeys-lru")
        yield
        connection.config_set("maxmemory-policy", "noeviction")


@pytest.mark.usefixtures("evicting")
@pytest.mark.parametrize("command", ["worker", "ticker"])
def test_nothing_starts_on_a_redis_that_evicts(shared_run: Run, command: str) -> None:
    """In one sentence that says what to do, before any process is forked."""
    said = shared_run(command)
    assert said.code == 3
    assert "allkeys-lru" in said.err
    assert "set it to noeviction" in said.err
