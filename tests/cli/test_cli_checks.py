"""Does `outreach check` say what is there and what is wrong, whatever is away?"""

import pytest

from outreach.embedded.desk import Servers
from tests.cli.conftest import Run


def findings(said: object) -> dict[str, str]:
    return {f["name"]: f["state"] for f in said["findings"]}  # type: ignore[index]  # decoded JSON


def test_a_fit_installation_is_told_with_every_version(shared_run: Run) -> None:
    told, data = shared_run("check"), shared_run("check", "--json")
    assert (told.code, data.code) == (0, 0)
    assert {"python", "outreach", "postgresql", "valkey server", "tzdata", "time zones"} <= set(
        data.json["versions"]
    )
    assert "bad" not in findings(data.json).values()
    for name, number in data.json["versions"].items():
        assert f"{name} {number}" in told.out


def test_every_server_away_is_a_finding_each(shared_run: Run) -> None:
    said = shared_run(
        "check", "--json",
        OUTREACH_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none",
        OUTREACH_REDIS_URL="redis://127.0.0.1:1",
    )  # fmt: skip
    states = findings(said.json)
    assert (said.code, states["postgresql"], states["redis server"]) == (1, "bad", "warning")


@pytest.mark.parametrize("secret", ["", "short"])
def test_a_secret_that_is_no_secret_is_a_finding(shared_run: Run, secret: str) -> None:
    said = shared_run("check", OUTREACH_SECRET_KEY=secret)
    assert said.code == 1
    assert "OUTREACH_SECRET_KEY" in said.out
    assert "Traceback" not in said.err


def test_a_role_that_sees_everything_is_bad(shared_run: Run, migrated: Servers) -> None:
    said = shared_run("check", OUTREACH_DATABASE_URL=migrated.owner_database_url)
    assert said.code == 1
    assert "outreach_owner sees every brand's rows" in said.out
