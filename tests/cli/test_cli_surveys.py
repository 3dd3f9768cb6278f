"""Can surveys be begun, kept and counted from the command line?"""

from collections.abc import Callable
from pathlib import Path

from outreach.app import Outreach
from outreach.inbound import answers
from outreach.surveys import document
from tests import builders as b
from tests.cli.conftest import Run
from tests.surveys import asking

Written = Callable[[str, str | bytes], Path]


def test_a_survey_is_begun_from_the_library(bare: Run, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    assert bare("surveys", "new", "mine", "--from", "nps", "--out", file).code == 0
    assert document.read(file.read_text(), name="mine").key == "mine"
    assert bare("surveys", "new", "mine", "--from", "nps", "--out", file).code == 2
    assert "did you mean `nps`?" in bare("surveys", "new", "mine", "--from", "nqs").err
    assert bare("surveys", "schema").json["$schema"].startswith("https://json-schema.org")


def test_surveys_are_kept_all_or_none(run: Run, app: Outreach, written: Written) -> None:
    b.a_brand(app)
    good = written("good.yaml", document.library()["nps"].replace("key: nps", "key: mine"))
    bad = written("bad.yaml", "key: bad\n")
    assert run("surveys", "import", good, bad, "-b", "lumen").code == 2
    assert run("surveys", "import", good, "-b", "lumen", "--json").json[0]["version"] == 1
    kept = {
        row["survey"]: row["from"] for row in run("surveys", "list", "-b", "lumen", "--json").json
    }
    assert kept == {"mine": "brand"} | dict.fromkeys(document.library(), "library")


def test_answers_are_counted_shown_and_followed_up(run: Run, app: Outreach) -> None:
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand, steps=[asking.asks()])
    person = asking.somebody(app, brand, ref="c-1")
    asked = answers.of_touch(app.means, brand, asking.asked(app, brand, person))
    assert asked
    answers.take(app.means, brand, person, asked, 3, by="page", comment="[red]broken[/red]")
    said = run("surveys", "score", "-b", "lumen", "--by", "campaign")
    assert said.code == 0, said.err
    assert "-100.0" in said.out
    assert "few answers" in said.out
    assert "100%" in said.out
    assert "[red]broken[/red]" in run("surveys", "comments", "-b", "lumen").out
    promised = run("surveys", "promises", "-b", "lumen", "--json")
    assert (promised.code, [one["state"] for one in promised.json]) == (0, ["open"])
    assert run("surveys", "score", "-b", "lumen", "--since", "soon").code == 2
