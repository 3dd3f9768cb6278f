"""Does the table grant what it says, and nothing else?"""

import pytest

from outreach.access import roles
from outreach.errors import Invalid


def test_what_is_not_granted_is_denied() -> None:
    """An unknown right, an unknown role, and a right of others."""
    table = roles.table()
    assert table.may("marketer", "campaigns.write")
    assert not table.may("marketer", "campaigns.approve")
    assert not table.may("marketer", "campaigns.fly")
    assert not table.may("emperor", "campaigns.write")


def test_an_auditor_and_a_client_change_nothing() -> None:
    """Whoever only looks has rights of looking alone."""
    looks = {"read", "export"}
    for role in ("auditor", "client", "analyst"):
        granted = {right for right, who in roles.table().rights.items() if role in who}
        assert granted
        assert {right.partition(".")[2] for right in granted} <= looks


def test_an_agent_reads_no_list_of_people() -> None:
    """They see a person only by way of a task that is theirs."""
    granted = {right for right, who in roles.table().rights.items() if "agent" in who}
    assert granted == {"hours.read", "cases.write", "tasks.work"}


def test_no_right_is_nobodys_and_every_role_has_one() -> None:
    """A line without anybody, or a role without a line, is a mistake in the table."""
    table = roles.table()
    assert [right for right, who in table.rights.items() if "admin" not in who] == []
    assert set(table.names) == set().union(*table.rights.values())


@pytest.mark.parametrize("name", ["key", "emperor", "", "Admin"])
def test_only_a_known_role_can_be_given_and_never_that_of_keys(name: str) -> None:
    """The sentence names what there is."""
    with pytest.raises(Invalid, match="is no role"):
        roles.table().given(name)
