"""What does the command line say of the record of changes?"""

from pathlib import Path

import pytest

from outreach.app import Outreach
from outreach.audit import anchors
from outreach.audit.chain import Anchor
from tests import builders as b
from tests.cli.conftest import Run


def test_anchors_of_a_brand_that_is_gone_and_torn_lines_are_told(
    shared_app: Outreach, shared_run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "anchors"
    anchors.note(path, [Anchor("vanished", 3, b"\x01" * 32)], now=b.NOON)
    path.write_bytes(path.read_bytes() + b'{"brand": "lu')
    said = shared_run("audit", "verify", "--anchors", path)
    assert said.code == 1
    assert "vanished: record 1" in said.out
    assert "line 2, is no anchor" in said.out


@pytest.mark.parametrize("limit", ["-1", "0", "10001"])
def test_a_limit_that_cannot_be_is_refused(shared_run: Run, limit: str) -> None:
    said = shared_run("audit", "list", "--brand", "lumen", "--limit", limit)
    assert said.code == 2
    assert "--limit" in said.err
