"""Is an alarm told when it comes, when it stays, and when it goes, and not each minute?"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from outreach.notices import robots, telling
from outreach.notices.digest import digest
from outreach.notices.herald import Herald
from outreach.notices.news import AGAIN, news
from outreach.notices.services import Robot
from outreach.reports.alarms import Alarm, Raised
from outreach.reports.reconcile import Account
from outreach.standins import serving
from tests.channels.builders import a_closed_port

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
BEHIND = Raised(Alarm.BEHIND, "lumen", "sms", "7 min")


def test_an_alarm_is_told_as_it_comes_stays_and_goes() -> None:
    """However much worse it gets in between."""
    first = news([BEHIND], {}, language="en", now=NOW)
    worse = Raised(Alarm.BEHIND, "lumen", "sms", "8 min")
    minute = news([worse], first.told, language="en", now=NOW + timedelta(minutes=1))
    later = news([worse], minute.told, language="en", now=NOW + AGAIN)
    over = news([], later.told, language="en", now=NOW + AGAIN * 2)
    assert [len(each.lines) for each in (first, minute, later, over)] == [1, 0, 1, 1]
    assert first.lines[0].startswith("[lumen] what is due on sms has waited for 7 min")
    assert over.lines == ("[lumen] over: behind sms",)
    assert over.told == {}


def test_it_is_told_in_the_language_of_the_staff() -> None:
    told = news([BEHIND], {}, language="zh-CN", now=NOW)
    assert "已等待 7 min" in told.lines[0]
    assert "已恢复" in news([], told.told, language="zh-CN", now=NOW).lines[0]


def test_a_digest_has_a_line_for_each_campaign() -> None:
    """With the sums of the ledger, in either language."""
    accounts = {"care": Account(candidates=5, sent=3, skipped={"blocked": 2})}
    assert "care: 5 candidates, 3 sent, 2 skipped" in digest("lumen", accounts, language="en")
    assert "候选 5,已发送 3,跳过 2" in digest("lumen", accounts, language="zh-CN")
    assert "no campaign" in digest("lumen", {}, language="en")


def test_one_chat_that_is_away_keeps_none_of_the_others_from_it(tmp_path: Path) -> None:
    """Which of them took it is answered for each; the gateway here takes no such thing."""
    with serving.sms(tmp_path / "log") as server:
        chats = robots.read(
            f"wecom+http://k@127.0.0.1:{a_closed_port()} slack+http://t@127.0.0.1:{server.port}"
        )
        assert telling.tell(chats, "hello", now=NOW) == [False, False]
        assert server.connections == 1


def test_the_herald_tells_until_some_chat_took_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then not again, and nothing at all where there are no chats."""
    texts: list[str] = []

    def tell(chats: Sequence[Robot], text: str, *, now: datetime) -> list[bool]:
        assert now >= NOW
        texts.append(text)
        return [len(texts) > 1 for _ in chats]

    monkeypatch.setattr(telling, "tell", tell)
    herald = Herald(robots.read("wecom://k@ slack://t@"), "en", run=lambda job: job())
    for minute in range(4):
        herald.hear([BEHIND], now=NOW + timedelta(minutes=minute))
    assert len(texts) == 2
    Herald((), "en", run=lambda job: job()).hear([BEHIND], now=NOW)
    assert len(texts) == 2


def test_the_herald_tells_one_thing_at_a_time() -> None:
    """A chat that hangs does not pile up what it is to be told."""
    jobs: list[object] = []
    herald = Herald(robots.read("wecom://k@"), "en", run=jobs.append)
    for minute in range(3):
        herald.hear([BEHIND], now=NOW + timedelta(minutes=minute))
    assert len(jobs) == 1
