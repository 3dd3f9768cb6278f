"""Does every jurisdiction, channel and purpose have one answer, and the right one?"""

from datetime import date
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from optout import regimes
from optout.errors import UnreadableRegimes
from optout.model import Channel, Purpose
from optout.rules import Regime

TODAY = date(2026, 11, 22)
LAW = regimes.packaged()
SOURCE = Path(__file__).parents[3] / "shared" / "data" / "consent_regimes.yaml"
ASKING = (Purpose.SURVEY, Purpose.REVIEW, Purpose.MARKETING)

ONE_ROW = """
compiled: 2026-11-21
jurisdictions:
  - code: QX
    parent: default
    rows:
      - &row
        channels: [sms]
        purposes: [marketing]
        regime: opt_in
        source: a made-up act
        confidence: known
        evidence: policy
        note: for a test
"""


def law_of(code: str, channel: str, purpose: str, on: date = TODAY) -> Regime:
    return LAW.rule(code, Channel(channel), Purpose(purpose), on).regime


def test_every_question_has_exactly_one_answer() -> None:
    """What `python -m optout regimes check` says before a release."""
    assert list(LAW.check()) == []
    assert len(LAW.codes()) > 110


@pytest.mark.parametrize("purpose", ASKING)
@pytest.mark.parametrize("code", ["default", "ZZ", "QQ", "QQ-01"])
def test_an_unknown_place_is_no_ground_to_ask_anybody(code: str, purpose: Purpose) -> None:
    """Care goes on; whatever asks for something waits until the place is known."""
    assert law_of(code, "email", purpose) is Regime.UNKNOWN
    assert law_of(code, "email", "service") is Regime.CONTRACT


@pytest.mark.parametrize(
    ("code", "chain"),
    [
        ("US-FL", ("US-FL", "US", "default")),
        ("US-CA", ("US-CA", "US", "default")),
        ("SE", ("SE", "EU", "default")),
        ("RE", ("RE", "FR", "EU", "default")),
        ("FR-974", ("FR", "EU", "default")),
        ("CA-ON", ("CA", "default")),
        ("QQ", ("default",)),
    ],
)
def test_a_code_leads_up_to_the_default(code: str, chain: tuple[str, ...]) -> None:
    """A part without rows is its country, a member its union; what nobody wrote down is unknown."""
    assert LAW.chain(code) == chain


def test_the_nearest_level_decides_and_there_the_most_specific_row() -> None:
    """Florida has no row for mail, so the federal one answers."""
    assert LAW.rule("US-FL", Channel.EMAIL, Purpose.MARKETING, TODAY).jurisdiction == "US"
    assert LAW.rule("US-FL", Channel.VOICE, Purpose.MARKETING, TODAY).jurisdiction == "US-FL"
    assert law_of("US-FL", "email", "marketing") is Regime.OPT_OUT


def test_rows_begin_on_their_day() -> None:
    """Before the French act took effect, the union's row answered; it was the same for calls."""
    before, after = date(2026, 8, 10), date(2026, 8, 11)
    assert law_of("FR", "voice", "renewal", before) is Regime.OPT_IN
    assert law_of("FR", "voice", "renewal", after) is Regime.CONTRACT


def test_what_a_row_leaves_out_comes_from_its_jurisdiction_and_those_above() -> None:
    """Deadlines and records are said once."""
    rule = LAW.rule("US-FL", Channel.VOICE, Purpose.MARKETING, TODAY)
    assert rule.deadline == LAW.rule("US", Channel.VOICE, Purpose.MARKETING, TODAY).deadline
    assert rule.deadline is not None
    assert (rule.deadline.days, rule.deadline.counted) == (10, "business")


def test_several_places_are_all_obeyed() -> None:
    """The strictest regime, every register, need and label, the shortest deadline."""
    both = LAW.ruling(("GB", "DE"), Channel.VOICE, Purpose.RENEWAL, on=TODAY)
    assert both.regime is Regime.OPT_IN
    assert [one.name for one in both.registers] == ["TPS / CTPS"]
    assert {rule.jurisdiction for rule in both.rules} == {"GB", "DE", "house"}
    assert both.deadline is not None
    assert both.deadline.days == 0


def test_a_part_answers_for_its_country() -> None:
    """Florida relies on no relief for customers, and the federal one does not bring it back."""
    florida = LAW.ruling(("US", "US-FL"), Channel.VOICE, Purpose.RENEWAL, on=TODAY)
    assert "US" not in {rule.jurisdiction for rule in florida.rules}
    assert [r.relieves for r in florida.relations] == ["consent"]


def test_an_unknown_place_beside_a_known_one_stays_unknown() -> None:
    ruling = LAW.ruling(("US", "QQ"), Channel.EMAIL, Purpose.SURVEY, on=TODAY)
    assert ruling.regime is Regime.UNKNOWN


def test_the_house_tightens_and_never_loosens() -> None:
    """Where US law lets mail go until somebody objects, the house wants consent or a customer."""
    for code, channel, purpose in product(LAW.codes(), Channel, Purpose):
        law = LAW.rule(code, channel, purpose, TODAY).regime
        ruling = LAW.ruling((code,), channel, purpose, on=TODAY)
        assert ruling.regime.strictness >= law.strictness
    mail = LAW.ruling(("US",), Channel.EMAIL, Purpose.MARKETING, on=TODAY)
    assert mail.regime is Regime.SOFT_OPT_IN


def test_a_trade_may_have_rows_of_its_own() -> None:
    """They count where the trade's law does, in its parts and overseas too."""
    about = (Channel.EMAIL, Purpose.MARKETING)
    for code in ("FR", "RE"):
        ruling = LAW.ruling((code,), *about, on=TODAY, sector="energy_renovation")
        assert ruling.regime is Regime.FORBIDDEN
    elsewhere = LAW.ruling(("DE",), *about, on=TODAY, sector="energy_renovation")
    assert elsewhere.regime is Regime.SOFT_OPT_IN


CODES = st.lists(st.sampled_from([*LAW.codes(), "QQ", "US-ZZ"]), max_size=4).map(tuple)


@given(CODES, st.sampled_from(LAW.codes()), st.sampled_from(Channel), st.sampled_from(Purpose))
def test_another_possible_place_never_loosens(
    codes: tuple[str, ...], more: str, channel: Channel, purpose: Purpose
) -> None:
    """One more place, unless it is a part of one already there, makes nothing easier."""
    if codes and not any(up in LAW.chain(more)[1:] for up in codes):
        some = LAW.ruling(codes, channel, purpose, on=TODAY)
        all_ = LAW.ruling((*codes, more), channel, purpose, on=TODAY)
        assert all_.regime.strictness >= some.regime.strictness


def test_a_tie_is_an_error() -> None:
    """Two rows as specific as each other: nobody guesses."""
    row = ONE_ROW.split("- &row\n")[1]
    tied = regimes.load({"qx.yaml": ONE_ROW + "      - " + row.strip() + "\n"})
    wrong = list(tied.check())
    assert wrong
    assert all("2 rows answer QX sms marketing" in said for said in wrong)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("note: for a test", "note: for a test\n        colour: red"),
        ("regime: opt_in", "regime: perhaps"),
        ("regime: opt_in", "regime: opt_in\n        needs: [a_wink]"),
        ("parent: default", "parent: QY"),
        ("channels: [sms]", "channels: []"),
        ("jurisdictions:", "jurisdictions: ["),
    ],
)
def test_what_cannot_be_understood_is_refused(old: str, new: str) -> None:
    """An unknown key, regime, need or parent; the file is named."""
    with pytest.raises(UnreadableRegimes, match=r"(?i)qx"):
        regimes.load({"qx.yaml": ONE_ROW.replace(old, new)})


@pytest.mark.skipif(
    not SOURCE.exists(), reason="the table that the files were written from is away"
)
def test_every_row_of_the_source_table_is_here() -> None:
    """Regime, needs, registers, periods, labels and dates agree, cell by cell."""
    table = YAML(typ="safe").load(SOURCE)
    for level in [*table["jurisdictions"], table["default"] | {"code": "default"}]:
        ours = LAW.rules[level["code"]]
        assert [_gist_of_source(row) for row in level["rows"]] == [_gist(rule) for rule in ours]
    for parent, heirs in table["inherit_only"].items():
        assert all(LAW.chain(heir)[1] == parent for heir in heirs)
    members = next(j["members"] for j in table["jurisdictions"] if j["code"] == "EU")
    assert all("EU" in LAW.chain(member) for member in members)
    assert set(LAW.needs) >= set(table["needs_vocabulary"])
    assert len(table["sector_overrides"]) == sum(map(len, LAW.sectors.values()))


def _gist_of_source(row: dict) -> tuple:
    relation = row.get("relationship", {})
    return (
        set(row["channels"]), set(row["purposes"]), row["regime"], tuple(row.get("needs", ())),
        tuple((r["name"], r["max_age_days"], r["basis"]) for r in row.get("registers", ())),
        (row.get("existing_relationship_days"), relation.get("anchor"), relation.get("relieves"),
         relation.get("inquiry_days")),
        tuple((label["text"], label["at"]) for label in row.get("labels", ())),
        row.get("effective_from") and str(row["effective_from"]), row["confidence"],
    )  # fmt: skip


def _gist(rule) -> tuple:
    known = rule.relation
    return (
        set(rule.channels), set(rule.purposes), rule.regime, rule.needs,
        tuple((r.name, r.max_age_days, r.basis) for r in rule.registers),
        (known.days, known.since, known.relieves, known.inquiry_days) if known else (None,) * 4,
        tuple((label.text, label.at) for label in rule.labels),
        rule.effective_from and str(rule.effective_from), rule.confidence,
    )  # fmt: skip
