"""Can anybody make, change or misuse a link of ours?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optout.errors import BadLink
from optout.keys import Key
from optout.links import Link, Use, make, read
from optout.model import Channel

OLD, NEW = Key(1, b"o" * 32), Key(2, b"n" * 32)
LINK = Link("north", "tch_mfrggzdfmztwq2lknnwg23tpoa", Channel.EMAIL)
NAMES = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)


@given(st.builds(Link, NAMES, NAMES, st.sampled_from(Channel)), st.sampled_from(Use))
def test_a_link_comes_back_as_it_was_made(link: Link, use: Use) -> None:
    assert read([OLD], make([OLD], link, use=use), use=use) == link


def test_a_token_fits_an_address_line() -> None:
    """Letters, digits, - and _ alone, and short enough for any mail program."""
    token = make([NEW, OLD], LINK, use=Use.UNSUBSCRIBE)
    assert token.replace("-", "").replace("_", "").isalnum()
    assert len(token) < 80


def test_an_old_link_works_after_the_key_was_replaced() -> None:
    """Unsubscribing does not expire, so a former key is kept for as long as mail is."""
    token = make([OLD], LINK, use=Use.UNSUBSCRIBE)
    assert read([NEW, OLD], token, use=Use.UNSUBSCRIBE) == LINK


def test_a_link_is_good_for_its_use_alone() -> None:
    token = make([OLD], LINK, use=Use.SURVEY)
    with pytest.raises(BadLink):
        read([OLD], token, use=Use.UNSUBSCRIBE)


def test_every_change_of_a_token_is_noticed() -> None:
    """Each character replaced by each of a few others, and each end cut off."""
    token = make([OLD], LINK, use=Use.UNSUBSCRIBE)
    changed = {
        token[:at] + other + token[at + 1 :] for at in range(len(token)) for other in "AQgw_9"
    }
    for bad in (changed | {token[:-1], token[1:], token + "A", token + "="}) - {token}:
        with pytest.raises(BadLink):
            read([OLD], bad, use=Use.UNSUBSCRIBE)


@pytest.mark.parametrize("token", ["", "A", "x" * 1000, "AQE", "\u00e4", "....", "AQ ==\n"])
def test_every_kind_of_bad_reads_alike(token: str) -> None:
    """Whoever tries tokens learns nothing from the error."""
    with pytest.raises(BadLink) as caught:
        read([OLD], token, use=Use.UNSUBSCRIBE)
    assert str(caught.value) == "That link is not valid."
    assert caught.value.__cause__ is None


@given(st.text(max_size=60))
def test_nonsense_is_only_ever_a_bad_link(token: str) -> None:
    with pytest.raises(BadLink):
        read([OLD], token, use=Use.UNSUBSCRIBE)


def test_an_unknown_key_is_a_bad_link() -> None:
    token = make([NEW], LINK, use=Use.UNSUBSCRIBE)
    with pytest.raises(BadLink):
        read([OLD], token, use=Use.UNSUBSCRIBE)


@pytest.mark.parametrize("link", [Link("n" * 400, "t", Channel.SMS), Link("n\0", "t", Channel.SMS)])
def test_what_a_link_cannot_carry_is_refused_when_made(link: Link) -> None:
    with pytest.raises(ValueError, match="too long"):
        make([OLD], link, use=Use.UNSUBSCRIBE)
