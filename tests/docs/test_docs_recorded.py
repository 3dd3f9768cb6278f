"""Does the page of recorded commands say of each command whether it stands in the record?"""

from outreach.cli import recording
from tests.docs.test_docs_cli import COMMANDS


def test_every_command_is_recorded_or_said_not_to_be() -> None:
    """Whoever adds a command says in `recorded.yaml` which of both it is."""
    lists = recording.listed()
    assert COMMANDS.keys() == lists["recorded"] | lists["not_recorded"]
    assert not lists["recorded"] & lists["not_recorded"]
