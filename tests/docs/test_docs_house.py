"""Does the page about the house draw the rooms as the import contracts hold them?"""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
HOUSE = (ROOT / "docs" / "house.md").read_text(encoding="utf-8")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_the_layers_are_those_of_the_contract() -> None:
    """All of them, in their order, but for the module by which Python starts the command."""
    [layers] = [
        one["layers"]
        for one in CONTRACTS["tool"]["importlinter"]["contracts"]
        if one["type"] == "layers" and one["containers"] == ["outreach"]
    ]
    drawn = re.findall(r"^```\n(cli\n.*?)^```", HOUSE, flags=re.DOTALL | re.MULTILINE)
    assert [one.splitlines() for one in drawn] == [layers[1:]]
    assert layers[0] == "__main__"
