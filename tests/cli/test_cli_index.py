"""Does the index of the command line say of each word what the module behind it says?"""

import subprocess
import sys
from importlib import import_module
from inspect import getdoc
from pathlib import Path

import pytest

from outreach.cli import index

HERE = Path(index.__file__).parent


@pytest.mark.parametrize("name", index.SINGLE)
def test_the_line_of_a_command_begins_its_own_text(name: str) -> None:
    one = index.SINGLE[name]
    said = getdoc(getattr(import_module(f"outreach.cli.{one.module}"), name))
    assert str(said).startswith(one.help)


def test_every_module_with_commands_is_a_group_here_or_below_one() -> None:
    modules = [import_module(f"outreach.cli.{file.stem}") for file in HERE.glob("[!_]*.py")]
    groups = {one.__name__.rpartition(".")[2]: one.cli for one in modules if hasattr(one, "cli")}
    below = [under.typer_instance for one in groups.values() for under in one.registered_groups]
    own = {name for name, one in groups.items() if one not in below}
    assert own == {*index.GROUPS, "main"}


def test_the_version_is_said_before_anything_slow_is_loaded() -> None:
    """Whoever types a word waits for its module alone: the tables' library is the slowest."""
    asked = (
        "import sys; from outreach.cli.main import cli;"
        "cli(['--version'], standalone_mode=False); sys.exit('sqlalchemy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0
