"""Is what is said to be in force what the packs hold on that day?"""

from dataclasses import replace
from datetime import date, timedelta

from outreach.hours import packs
from outreach.hours.standing import standing

TODAY = date(2026, 7, 1)


def test_each_row_in_force_is_counted_once_under_its_country() -> None:
    book = packs.load()
    lines = standing(book, on=TODAY)
    held = [
        rule
        for rule in book.rules
        if (rule.effective_from or TODAY) <= TODAY <= (rule.effective_to or TODAY)
    ]
    assert sum(line.rules for line in lines) == len(held)
    assert [line.country for line in lines] == sorted({line.country for line in lines})
    assert all(line.rules >= line.binding for line in lines)


def test_a_row_that_ends_is_gone_the_day_after_and_says_so_before() -> None:
    book = packs.load()
    alone = next(rule for rule in book.rules if rule.effective_to is None)
    ending = replace(book, rules=(replace(alone, effective_from=None, effective_to=TODAY),))
    after = TODAY + timedelta(days=1)
    assert [line.turns_on for line in standing(ending, on=TODAY)] == [after]
    assert standing(ending, on=after) == []
