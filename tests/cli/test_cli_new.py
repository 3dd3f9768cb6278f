"""Can somebody begin with a campaign of the library, and use what was written at once?"""

from pathlib import Path

import pytest

from outreach.app import Outreach
from outreach.campaigns import document, starting
from tests import builders as b
from tests.cli.conftest import Run

# A refusal is confirmed by one campaign alone, which keeps its name.
NAMES = sorted(document.library().keys() - {"withdrawal-confirmation"})


@pytest.mark.parametrize(
    "name",
    [n if n in NAMES[::8] else pytest.param(n, marks=pytest.mark.long) for n in NAMES],
)
def test_each_of_the_library_can_be_begun_and_goes_live(
    app: Outreach, run: Run, tmp_path: Path, name: str
) -> None:
    """One file and what stands beside it: imported, good, live."""
    b.a_brand(app)
    said = run("campaigns", "new", "mine", "--from", name, "-o", tmp_path / "in" / "mine.yaml")
    assert (said.code, said.out.splitlines()[0]) == (0, f"{tmp_path}/in/mine.yaml: written")
    assert run("campaigns", "import", tmp_path / "in", "-b", "lumen").code == 0
    assert run("campaigns", "activate", "mine", "-b", "lumen").code == 0


@pytest.mark.parametrize("name", sorted(document.library()))
def test_only_the_key_is_another(bare: Run, name: str) -> None:
    """Comments stay, and so does the line that tells an editor which schema to use."""
    library = document.library()[name]
    assert library.startswith(starting.EDITOR_LINE)
    said = bare("campaigns", "new", "mine", "--from", name)
    assert said.out == library.replace(f"key: {name}", "key: mine", 1)


def test_nothing_is_written_over(bare: Run, tmp_path: Path) -> None:
    file, texts = tmp_path / "a.yaml", tmp_path / "renewal-reminder.yaml"
    texts.write_text("mine", encoding="utf-8")
    words = ("campaigns", "new", "a", "--from", "renewal-reminder", "-o", file)
    written = bare(*words, "--json").json["written"]
    schemas = ("campaign.schema.json", "template.schema.json")
    assert written == [str(file), *(str(tmp_path / name) for name in schemas)]
    assert texts.read_text(encoding="utf-8") == "mine"
    again = bare(*words)
    assert (again.code, "is there already" in again.err) == (2, True)


@pytest.mark.parametrize(
    ("key", "like", "word"),
    [
        ("a", "usage-tutorail", "did you mean `usage-tutorial`?"),
        ("A B", "usage-tutorial", "key: write a name in lower-case letters"),
    ],
)
def test_a_wrong_name_is_told(bare: Run, key: str, like: str, word: str) -> None:
    said = bare("campaigns", "new", key, "--from", like)
    assert (said.code, word in said.err) == (2, True)
