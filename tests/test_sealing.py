"""Do sealed secrets open for their owner alone, and under former keys until sealed anew?"""

from base64 import b64encode, urlsafe_b64encode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach import sealing
from outreach.errors import Invalid, Misconfigured
from outreach.sealing import MasterKey, Sealing

OLD, NEW = MasterKey(b"o" * 32), MasterKey(b"n" * 32)
BEFORE, AFTER = Sealing((OLD,)), Sealing((NEW, OLD))


@given(st.text(max_size=300).filter(lambda text: not text.startswith("sealed:")))
def test_what_is_sealed_opens_again_and_shows_nothing(text: str) -> None:
    """Any text, and twice the same is never the same."""
    kept = BEFORE.seal(text, of="source 1")
    assert BEFORE.open(kept, of="source 1") == text
    assert kept != BEFORE.seal(text, of="source 1")
    assert len(text) < 9 or text not in kept


def test_it_opens_for_its_owner_alone() -> None:
    """A sealed text that was moved to another row is refused."""
    kept = BEFORE.seal("whsec", of="source 1")
    with pytest.raises(Misconfigured, match="source 2"):
        BEFORE.open(kept, of="source 2")


@given(st.integers(min_value=0), st.sampled_from("AZaz09-_"))
def test_what_was_changed_does_not_open(place: int, sign: str) -> None:
    """Not one sign of it may be another."""
    kept = BEFORE.seal("a secret of some length", of="source 1")
    at = len("sealed:1:") + place % (len(kept) - len("sealed:1:") - 4)  # its end has bits to spare
    changed = kept[:at] + sign + kept[at + 1 :]
    if changed != kept:
        with pytest.raises(Misconfigured):
            BEFORE.open(changed, of="source 1")


def test_a_former_key_opens_until_all_is_sealed_anew() -> None:
    """And afterwards it may go."""
    kept = BEFORE.seal("whsec", of="source 1")
    assert not AFTER.fresh(kept)
    anew = AFTER.seal(AFTER.open(kept, of="source 1"), of="source 1")
    assert AFTER.fresh(anew)
    assert Sealing((NEW,)).open(anew, of="source 1") == "whsec"


def test_an_unknown_key_is_named() -> None:
    kept = BEFORE.seal("whsec", of="source 1")
    with pytest.raises(Misconfigured, match=f"{OLD.id}.*OUTREACH_FORMER_MASTER_KEYS"):
        Sealing((NEW,)).open(kept, of="source 1")


def test_what_was_kept_before_there_was_sealing_is_taken_as_it_is() -> None:
    """It is not fresh, so sealing finds it."""
    assert BEFORE.open("in the clear", of="source 1") == "in the clear"
    assert not BEFORE.fresh("in the clear")


def test_nobody_seals_what_looks_sealed() -> None:
    with pytest.raises(Invalid):
        BEFORE.seal("sealed:1:", of="source 1")


def test_keys_are_read_in_either_alphabet_and_from_files(tmp_path: Path) -> None:
    """As `openssl` writes them, with the line break at the end of a file."""
    secret = bytes(range(224, 256))
    file = tmp_path / "key"
    file.write_text(b64encode(secret).decode() + "\n")
    given = f"{b64encode(secret).decode()} {urlsafe_b64encode(secret).decode()} file:{file}"
    assert sealing.read(given) == (MasterKey(secret),) * 3
    assert "n" * 32 not in repr(NEW)


@pytest.mark.parametrize("wrong", ["short", "c2hvcnQ=", "file:/nowhere", "!" * 44])
def test_what_is_no_key_is_refused(wrong: str) -> None:
    with pytest.raises(Misconfigured):
        sealing.read(wrong)


def test_a_program_may_print_the_key(tmp_path: Path) -> None:
    """As a key service's own command does; what it printed is never shown."""
    program = tmp_path / "key"
    program.write_text(f"#!/bin/sh\necho {b64encode(b'k' * 32).decode()}\n")
    program.chmod(0o700)
    assert sealing.read(f"command:{program}") == (MasterKey(b"k" * 32),)
    program.write_text("#!/bin/sh\necho canary; exit 1\n")
    with pytest.raises(Misconfigured, match="gave no master key") as refused:
        sealing.read(f"command:{program}")
    assert "canary" not in str(refused.value)
    with pytest.raises(Misconfigured, match="gave no master key"):
        sealing.read(f"command:{tmp_path / 'none'}")
