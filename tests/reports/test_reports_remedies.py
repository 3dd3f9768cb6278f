"""Does each reason say what would change it, as particularly as it is known, in both languages?"""

from datetime import timedelta
from typing import get_args

import pytest

from optout.model import Channel, Decision, Purpose
from optout.model import Reason as Consent
from outreach.bilingual import Language
from outreach.dispatch.model import Facts, Reason, Silence
from outreach.hours.model import Place
from outreach.reports.explaining import SUPPOSED, explained
from outreach.reports.reasons import REASONS
from outreach.reports.remedies import Said, remedy
from tests.builders import NOON
from tests.dispatch import builders as d

LATER = NOON + timedelta(hours=3)
SURVEY = d.a_touch(purpose=Purpose.SURVEY, channel=Channel.EMAIL, state="planned")
WINNER = {"by": "x", "campaign": "renewal", "step": "ask"}


def chinese(text: str) -> bool:
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)


@pytest.mark.parametrize("reason", [*REASONS, "exit:order.refunded"])
@pytest.mark.parametrize("language", get_args(Language))
def test_each_reason_has_a_sentence_and_a_remedy(reason: str, language: Language) -> None:
    """Also where no more is known than the reason, and where nothing would change it."""
    touch = d.a_touch(state="skipped", reason=reason)
    told = explained(d.facts(touch=touch), language, state="skipped")
    assert told.sentence
    assert told.repair
    assert chinese(told.sentence) == chinese(told.repair) == (language == "zh-CN")


@pytest.mark.parametrize(
    ("said", "en", "zh"),
    [
        (
            Said("care_hold", {"cases": ["812", "813"]}),
            "case 812, 813 closes",
            "工单 812、813 结清",
        ),
        (
            Said("care_hold", {"elsewhere": True}, LATER),
            "a brand of the group closes its case; looked at again at 2026-03-10 15:00 UTC",
            "集团内其他品牌的工单结清;将于 2026-03-10 15:00 UTC 再次检查",
        ),
        (
            Said("care_hold", {}, LATER),
            "wait until 2026-03-10 15:00 UTC",
            "等到 2026-03-10 15:00 UTC",
        ),
        (
            Said("outside_hours", {}, LATER),
            "wait until 2026-03-10 15:00 UTC",
            "等到 2026-03-10 15:00 UTC",
        ),
        (
            Said("capped", {"cap": "3 a week", "of": "brand"}, LATER),
            "wait until 2026-03-10 15:00 UTC, or raise the cap “3 a week” of the brand",
            "等到 2026-03-10 15:00 UTC,或调高品牌的上限“3 a week”",
        ),
        (
            Said("capped", {"cap": "fl-24h", "of": "law"}, LATER),
            "wait until 2026-03-10 15:00 UTC: the cap is the law's (fl-24h) and cannot be raised",
            "等到 2026-03-10 15:00 UTC;该上限为法定上限(fl-24h),不可调高",
        ),
        (
            Said("outranked", WINNER, LATER),
            "wait until 2026-03-10 15:00 UTC, or give it a higher priority than renewal/ask",
            "等到 2026-03-10 15:00 UTC,或将优先级调至高于 renewal/ask",
        ),
        (
            Said("day_left_out", {}, LATER),
            "wait until 2026-03-10 15:00 UTC",
            "等到 2026-03-10 15:00 UTC",
        ),
        (Said("place_unknown", {}), "add a zone or a country", "补充时区或国家"),
        (
            Said("no_consent", {}),
            "ask for consent in writing and record it, with its proof",
            "取得书面同意并连同凭证补录",
        ),
        (
            Said("too_late", {"held_by": "care_hold", "cases": ["812"]}),
            "in time: case 812 closes; or let the step be useful for longer",
            "在有效期内工单 812 结清;或延长该步骤的有效期",
        ),
    ],
)
def test_what_is_known_is_named(said: Said, en: str, zh: str) -> None:
    """The case, the instant, the cap and whose it is, the campaign that goes first."""
    assert remedy(said, "en") == en
    assert remedy(said, "zh-CN") == zh


NO = Decision(allowed=False, reason=Consent.NO_CONSENT, entry=None, sentence="nobody spoke")
FULL = d.facts(limits=(d.a_limit(),), attempts=(d.attempted(1),), apart=timedelta())
NOWHERE = Place((), (), ())


@pytest.mark.parametrize(
    ("facts", "check", "reason"),
    [
        (d.facts(decision=NO), "consent", Reason.NO_CONSENT),
        (d.facts(care=Silence(cases=("812",)), touch=SURVEY), "care_hold", Reason.CARE_HOLD),
        (d.facts(care=Silence(deceased=True)), "care_hold", Reason.DECEASED),
        (d.facts(place=NOWHERE), "place_known", Reason.PLACE_UNKNOWN),
        (d.facts(admission=d.closed(3)), "within_hours", Reason.OUTSIDE_HOURS),
        (d.facts(admission=d.closed(None)), "within_hours", Reason.NO_LAWFUL_HOUR),
        (d.facts(day_off_until=LATER), "on_its_days", Reason.DAY_LEFT_OUT),
        (FULL, "under_caps", Reason.CAPPED),
        (d.facts(rivals=(d.a_rival(),)), "outranked", Reason.OUTRANKED),
        (d.facts(now=NOON + timedelta(days=2)), "still_useful", Reason.TOO_LATE),
        (d.facts(admission=d.closed(72)), "within_hours", Reason.TOO_LATE),
    ],
)
def test_a_contact_that_is_only_asked_about_names_the_check(
    facts: Facts, check: str, reason: Reason
) -> None:
    """And says that it would be held, or would not be sent."""
    told = explained(facts, "en", state=SUPPOSED)
    assert (told.check, told.reason, told.touch) == (check, reason, "")
    assert told.sentence.startswith(("It would be held: ", "It would not be sent: "))
    assert explained(facts, "zh-CN", state=SUPPOSED).sentence.startswith("届时将")
    assert told.repair


def test_what_waits_says_whether_it_would_go_then() -> None:
    """It has no reason yet; the gate's word ahead of its time is no hold."""
    touch = d.a_touch(state="planned")
    free = explained(d.facts(touch=touch), "en", state="planned")
    assert (free.sentence, free.reason, free.check) == ("It waits for its time.", None, None)
    held = explained(d.facts(touch=touch, admission=d.closed(3)), "en", state="planned")
    assert held.sentence == (
        "It waits for its time, and would then be held: it is outside of lawful hours there."
    )
    assert held.next_at == NOON + timedelta(hours=3)


def test_what_was_skipped_is_explained_by_what_was_known_then() -> None:
    """The case is closed by now, and is still what it was skipped for."""
    touch = d.a_touch(state="skipped", reason="too_late")
    because = {"held_by": "care_hold", "cases": ["812"]}
    line = {"reason": "too_late", "because": because, "verdict": "skip"}
    told = explained(d.facts(touch=touch), "en", state="skipped", history=(line,))
    assert told.check == "care_hold"
    assert told.repair == "in time: case 812 closes; or let the step be useful for longer"
    assert told.because == because


def test_the_full_cap_is_named() -> None:
    """With whose it is."""
    told = explained(FULL, "en", state=SUPPOSED)
    assert told.cap == "cap"
    assert told.because == {"cap": "cap", "of": "brand"}
