"""A text is counted as networks count it, and cut where no sign breaks."""

from decimal import Decimal

import gsm0338
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optout.model import Purpose
from outreach.templates import frame, segments
from outreach.templates.lines import Frame, Lines
from outreach.templates.segments import Alphabet, Network

CODEC = gsm0338.Codec()
SMALL = st.text(st.sampled_from(sorted(segments.BASIC | segments.EXTENSION)), max_size=700)
ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
WIDE = st.text(st.sampled_from("a中😀👩\u200d€{"), max_size=300)


def wire(part: str, alphabet: Alphabet) -> int:
    """How many units the part has once it is encoded by somebody else's codec."""
    if alphabet is Alphabet.GSM7:
        return len(CODEC.encode(part)[0])
    return len(part.encode("utf-16-be")) // 2


def knows(sign: str) -> bool:
    try:
        CODEC.encode(sign)
    except UnicodeError:
        return False
    return sign != "\x1b"  # the escape itself is no sign that a person can write


def test_the_alphabet_is_the_oracles_over_the_whole_first_plane():
    ours = segments.BASIC | segments.EXTENSION
    signs = (chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000)
    assert {sign for sign in signs if knows(sign)} == ours


@given(SMALL)
def test_septets_are_counted_as_the_oracle_encodes_them(text):
    cut = segments.split(text)
    assert cut.alphabet is Alphabet.GSM7
    assert cut.units == wire(text, Alphabet.GSM7)


@given(st.one_of(SMALL, ANY, WIDE), st.sampled_from(Network))
def test_parts_are_the_text_each_fits_and_none_could_take_more(text, network):
    cut = segments.split(text, network=network)
    single, part = (160, 153) if cut.alphabet is Alphabet.GSM7 else (70, 67)
    room = single if cut.count == 1 else part
    sizes = [wire(piece, cut.alphabet) for piece in cut.parts]
    assert "".join(cut.parts) == text
    assert sum(sizes) == cut.units
    assert all(size <= room for size in sizes)
    assert cut.left == room - sizes[-1]
    for size, following in zip(sizes, cut.parts[1:], strict=False):
        assert size + wire(following[0], cut.alphabet) > part
    assert (cut.count == 1) == (cut.units <= single)


@given(ANY)
def test_folding_never_costs_more_than_the_signs_it_writes_out(text):
    folded = segments.folded(text)
    assert segments.folded(folded) == folded
    assert set(segments.outside(folded)) <= set(segments.outside(text))


@pytest.mark.parametrize(
    ("text", "alphabet", "units", "count", "left"),
    [
        ("", Alphabet.GSM7, 0, 1, 160),
        ("a" * 160, Alphabet.GSM7, 160, 1, 0),
        ("a" * 161, Alphabet.GSM7, 161, 2, 145),
        ("€" * 80, Alphabet.GSM7, 160, 1, 0),
        ("€" * 81, Alphabet.GSM7, 162, 2, 143),
        ("a" * 152 + "€" + "a" * 7, Alphabet.GSM7, 161, 2, 144),
        ("中" * 70, Alphabet.UCS2, 70, 1, 0),
        ("中" * 71, Alphabet.UCS2, 71, 2, 63),
        ("中" * 66 + "😀" + "中" * 3, Alphabet.UCS2, 71, 2, 62),
        ("ç" + "a" * 69, Alphabet.UCS2, 70, 1, 0),
    ],
)
def test_the_well_known_borders(text, alphabet, units, count, left):
    cut = segments.split(text)
    assert (cut.alphabet, cut.units, cut.count, cut.left) == (alphabet, units, count, left)


def test_an_escape_moves_to_the_next_part_with_its_sign():
    cut = segments.split("a" * 152 + "€" + "a" * 10)
    assert cut.parts == ("a" * 152, "€" + "a" * 10)


def test_china_counts_signs_whatever_the_alphabet_with_signature_and_opt_out_line():
    around = Frame(Lines(signature="示例家电"), ["CN"], [Purpose.MARKETING])
    whole = frame.of_message("a" * 59, around, "zh-CN")
    assert whole == "【示例家电】" + "a" * 59 + " 拒收请回复R"
    assert segments.split(whole, network=Network.CHINA).count == 2
    assert segments.split("a" * 70, network=Network.CHINA).count == 1
    assert segments.split("a" * 71, network=Network.CHINA).count == 2


def test_folding_brings_a_text_back_to_the_small_alphabet():
    smart = "It’s “here” – today…"
    assert segments.outside(smart) == ("’", "“", "”", "–", "…")
    assert segments.split(smart).alphabet is Alphabet.UCS2
    assert segments.folded(smart) == 'It\'s "here" - today...'
    assert segments.split(segments.folded(smart)).alphabet is Alphabet.GSM7


def test_the_cost_is_the_number_of_parts_times_the_price_of_one():
    assert segments.cost(segments.split("中" * 71), price=Decimal("0.045")) == Decimal("0.090")
