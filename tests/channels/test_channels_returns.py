"""Is a mail that came back known by its mark, and is no other mark believed?"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optout.keys import Key
from outreach.channels import email
from outreach.channels.returns import Returned, Returns
from outreach.errors import Misconfigured
from tests.channels.builders import NOW, a_mail

OLD, NEW = Key(1, b"o" * 32), Key(2, b"n" * 32)
RETURNS = Returns((NEW, OLD), "bounces@mail.example")
TOUCH = "tch_" + "abcdefg234567"[:13] * 2
BRANDS = ["lumen", "kitchen"]


def test_a_mark_is_known_however_the_case_was_folded() -> None:
    """Systems on the way may write an address in capitals."""
    text = f"To: <{RETURNS.sender('lumen', TOUCH)}>".upper()
    assert RETURNS.find(text, BRANDS) == {Returned("lumen", TOUCH)}


def test_a_mark_made_before_the_secret_was_replaced_is_known() -> None:
    """Reports may come days later."""
    assert RETURNS.find(Returns((OLD,)).mark("kitchen", TOUCH), BRANDS)


def test_a_mark_speaks_of_its_own_brand_alone() -> None:
    """The signature is over the brand too, which the mark does not name."""
    assert RETURNS.find(RETURNS.mark("lumen", TOUCH), ["kitchen"]) == set()


@settings(max_examples=100)
@given(st.integers(0, 51), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_a_changed_mark_is_not_known(place: int, sign: str) -> None:
    """Any other sign anywhere makes it a stranger's."""
    mark = RETURNS.mark("lumen", TOUCH)
    changed = mark[:place] + sign + mark[place + 1 :]
    known = RETURNS.find(changed, BRANDS)
    assert known == ({Returned("lumen", TOUCH)} if changed == mark else set())


def test_a_sender_with_a_mark_fits_into_an_address() -> None:
    """RFC 5321 admits 64 signs before the @."""
    sender = Returns((NEW,), "elevensigns@mail.example").sender("lumen", TOUCH)
    assert sender is not None
    assert len(sender.partition("@")[0]) <= 64


@pytest.mark.parametrize("address", ["bounces", "twelve-signs@mail.example", "a+b@mail.example"])
def test_an_address_without_room_is_refused(address: str) -> None:
    with pytest.raises(Misconfigured, match="bounces@mail"):
        Returns((NEW,), address)


def test_a_mail_bears_its_mark_twice() -> None:
    """In the envelope, to which reports are written, and in the id that they quote."""
    one = a_mail(touch_id=TOUCH, brand="lumen")
    letter = email._letter(one, now=NOW, returns=RETURNS)
    assert isinstance(letter, email.Letter)
    mark = RETURNS.mark("lumen", TOUCH)
    assert letter.envelope[0] == f"MAIL FROM:<bounces+{mark}@mail.example>\r\n".encode()
    assert f"Message-ID: <{mark}@shop.example>\r\n".encode() in letter.body


def test_without_an_address_for_returns_the_sender_stays() -> None:
    """The mark in the id of the mail is there all the same."""
    one = a_mail(touch_id=TOUCH, brand="lumen")
    letter = email._letter(one, now=NOW, returns=Returns((NEW,)))
    assert isinstance(letter, email.Letter)
    assert letter.envelope[0] == b"MAIL FROM:<care@shop.example>\r\n"
    assert RETURNS.find(letter.body.decode(), BRANDS) == {Returned("lumen", TOUCH)}
