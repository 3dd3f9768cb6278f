"""Is the environment read strictly, and does an error name the variable and the cure?"""

from datetime import timedelta

import pytest

from outreach.errors import Misconfigured
from outreach.settings import Secret, Settings


def test_without_a_word_there_are_defaults() -> None:
    """Nothing is sent anywhere but to the console."""
    settings = Settings.read({"PATH": "/bin"})
    assert (settings.email, settings.sms, settings.fallback) == ("console:", "console:", True)
    assert settings.lease > settings.call


def test_every_kind_of_value_is_read() -> None:
    """Texts, flags, seconds, numbers and secrets."""
    settings = Settings.read(
        {
            "OUTREACH_EMAIL": "memory:", "OUTREACH_FALLBACK": "off", "OUTREACH_TICK": "0.25",
            "OUTREACH_PORT": "0", "OUTREACH_SECRET_KEY": "k" * 32,
        }
    )  # fmt: skip
    assert settings.email == "memory:"
    assert settings.fallback is False
    assert settings.tick == timedelta(milliseconds=250)
    assert settings.port == 0
    assert settings.secret_key == "k" * 32


@pytest.mark.parametrize(
    ("name", "meant"),
    [("OUTREACH_DATABSE_URL", "OUTREACH_DATABASE_URL"), ("OUTREACH_LEASES", "OUTREACH_LEASE")],
)
def test_an_unknown_variable_is_refused_with_the_nearest_known(name: str, meant: str) -> None:
    """A misspelt setting that is silently ignored is the worst kind."""
    with pytest.raises(Misconfigured, match=f"{name}.*{meant}"):
        Settings.read({name: "x"})


def test_an_unknown_variable_far_from_all_is_refused_too() -> None:
    """Without a guess."""
    with pytest.raises(Misconfigured, match=r"not a setting$"):
        Settings.read({"OUTREACH_ZZZZZZ": "x"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FALLBACK", "yes"), ("TICK", "0"), ("TICK", "-1"), ("TICK", "soon"), ("TICK", "nan"),
        ("TICK", "inf"), ("LEASE", "1e300"), ("PORT", "http"), ("PORT", "-1"), ("PORT", "65536"),
        ("WORKER_THREADS", "0"), ("WORKER_PROCESSES", "-2"), ("WORKER_PROCESSES", "1.5"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_is_refused_by_name(name: str, value: str) -> None:
    """Before anything starts, and never with a traceback."""
    with pytest.raises(Misconfigured, match=f"OUTREACH_{name} is '{value}'"):
        Settings.read({f"OUTREACH_{name}": value})


@pytest.mark.parametrize(("lease", "call"), [("20", "20"), ("24", "20"), ("60", "56")])
def test_a_lease_must_outlive_a_call(lease: str, call: str) -> None:
    """Or a touch could be given away while its call is in the air."""
    with pytest.raises(Misconfigured, match="OUTREACH_LEASE"):
        Settings.read({"OUTREACH_LEASE": lease, "OUTREACH_CALL": call})


def test_nothing_secret_shows_itself() -> None:
    """Neither keys nor addresses that hold a password, in no repr."""
    settings = Settings(
        secret_key=Secret("hush-1"), sms_token=Secret("hush-2"),
        database_url="postgresql://me:hush-3@db/x", owner_database_url="postgresql://o:hush-4@db/x",
        redis_url="redis://:hush-5@r", email="smtp://me:hush-6@m", sms="https://hush-7@s",
    )  # fmt: skip
    assert "hush" not in repr(settings)
    assert "hush" not in f"{settings.secret_key!r}"
