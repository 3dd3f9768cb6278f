"""Which shifts are coming?"""

from datetime import datetime

from outreach.callbacks import document, shifts
from outreach.callbacks.shifts import AHEAD, Shift

QUEUE = """
key: care
name: {en: Care}
agents:
  - {key: ana, name: Ana, zone: Europe/Lisbon, hours: {mon-fri: ["09:00-17:00"], sat-sun: []}}
  - {key: mei, name: Mei, zone: Asia/Shanghai, hours: {mon: ["22:00-02:00"], tue-sun: []}}
  - {key: kim, name: Kim, zone: Asia/Seoul, hours: {mon-sun: []}}
"""


def at(told: str) -> datetime:
    return datetime.fromisoformat(f"2026-{told}Z")


def test_a_week_of_shifts_stands_on_each_agents_own_clock() -> None:
    """Nine in Lisbon is another hour after the clocks change on the 29th; a night is one shift."""
    now = at("03-27T12:00")
    found = shifts.coming(document.read(QUEUE, "care"), now)
    ana = [one for agent, one in found if agent.key == "ana"]
    assert ana[0].closes_at == at("03-27T17:00")
    assert ana[1:3] == [
        Shift(at("03-30T08:00"), at("03-30T16:00")), Shift(at("03-31T08:00"), at("03-31T16:00"))
    ]  # fmt: skip
    [(_, night)] = [told for told in found if told[0].key == "mei"]
    assert night == Shift(at("03-30T14:00"), at("03-30T18:00"))
    assert all(one.opens_at < now + AHEAD for _, one in found)
    assert [one.opens_at for _, one in found] == sorted(one.opens_at for _, one in found)
    assert "kim" not in {agent.key for agent, _ in found}


def test_whoever_never_rests_has_one_shift() -> None:
    always = QUEUE.replace("{mon-sun: []}", '{mon-sun: ["00:00-24:00"]}')
    found = shifts.coming(document.read(always, "care"), at("03-27T12:00"))
    assert len([one for agent, one in found if agent.key == "kim"]) == 1
