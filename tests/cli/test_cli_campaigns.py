"""Are campaign and template files told apart, and imported all or none?"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import outreach
from outreach.app import Outreach
from outreach.campaigns import document
from outreach.cli.papers import kind
from tests import builders as b
from tests.cli.conftest import Run

Written = Callable[[str, str | bytes], Path]
LIBRARY = [Path(outreach.__file__).parent / room / "library" for room in ("campaigns", "templates")]
TEMPLATE = "key: hello\npurpose: service\ntexts: {en: {email: {subject: Hi, text: Hi}}}\n"


def test_a_file_is_what_its_keys_say() -> None:
    assert kind(TEMPLATE) == "template"
    assert kind(json.dumps({"key": "a", "texts": {}})) == "template"
    assert kind(b.written()) == "campaign"
    assert kind("name: a\nsteps:\n- note: |\n    texts: of a step\n") == "campaign"
    assert kind("key: a\n") == kind("- a\n") == kind("") == "unknown"


def test_the_library_is_good(bare: Run) -> None:
    said = bare("campaigns", "validate", *LIBRARY)
    assert (said.code, said.err) == (0, "")
    assert said.out.count(": good\n") == sum(len(list(x.glob("*.yaml"))) for x in LIBRARY)


@pytest.mark.parametrize(
    ("text", "where", "word"),
    [
        (b.written(stepps=[]), "line 1", "`stepps` is not known here; did you mean `steps`?"),
        (b.written(steps=[b.a_step(after="soon")]), "line 1", "steps[0].after"),
        (b.written(steps=[b.a_step(at="26:00")]), "line 1", "steps[0].at"),
        ("key: a\nsteps: [\n", "line 3", "this is not YAML"),
        ("key: a\ntexts: {en: {sms: {text: '{{ nmae }}'}}}", "line 2", "nmae"),
        ("key: a\ntexts: {en: {sms: {text: '{% if %}'}}}", "line 2", "texts.en.sms.text"),
        ("key: a\ntext: {}\n", "", "neither `texts`, as a template does, nor `trigger`"),
        (b"steps: \xff", "", "is not UTF-8 (line 1)"),
    ],
)
def test_a_bad_file_says_where_and_what(
    bare: Run, written: Written, text: str | bytes, where: str, word: str
) -> None:
    bad, good = written("bad.yaml", text), written("good.yaml", b.written())
    said = bare("campaigns", "validate", bad, good)
    assert said.code == 2
    assert f"{good}: good" in said.out
    assert word in said.out
    assert where in said.out


def test_problems_are_data_for_machines(bare: Run, written: Written, tmp_path: Path) -> None:
    bad = written("bad.yaml", "key: a\nsteps: []\nwrong: 1\n")
    said = bare("campaigns", "validate", "--json", bad, tmp_path / "none.yaml")
    assert said.code == 2
    [none] = said.json[1]["problems"]
    assert (said.json[0]["kind"], said.json[1]["kind"]) == ("campaign", "unknown")
    assert {"where", "sentence", "line", "column"} == set(said.json[0]["problems"][0])
    assert "No such file" in none["sentence"]


def test_a_folder_without_files_is_told(bare: Run, tmp_path: Path) -> None:
    said = bare("campaigns", "validate", tmp_path)
    assert said.code == 2
    assert f"no .yaml or .yml file in {tmp_path}" in said.err


def test_one_bad_file_keeps_all_out(app: Outreach, run: Run, written: Written) -> None:
    b.a_brand(app)
    good, other = written("good.yaml", b.written()), written("other.yml", TEMPLATE)
    bad = written("bad.yaml", b.written("bad", wrong=1))
    said = run("campaigns", "import", good, bad, other, "-b", "lumen")
    assert (said.code, said.out) == (2, "")
    assert "nothing was imported: 1 of 3 files cannot be used" in said.err
    assert f"{bad}: line 1, column" in said.err
    assert run("campaigns", "list", "-b", "lumen", "--json").json == []


def test_from_a_file_to_live_and_back(app: Outreach, run: Run) -> None:
    b.a_brand(app)
    imported = run("campaigns", "import", *LIBRARY, "-b", "lumen", "--json").json["imported"]
    assert "templates" in imported[0]  # before the campaigns that name them
    assert run("campaigns", "import", *LIBRARY, "-b", "lumen").out == (
        f"{len(imported)} files imported\n"
    )
    for command, state in (("activate", "live"), ("pause", "paused"), ("activate", "live")):
        said = run("campaigns", command, "usage-tutorial", "-b", "lumen", "--json")
        known = {"campaign": "usage-tutorial", "version": 1, "state": state}
        assert said.json == said.json | known
    said = run("campaigns", "pause", "usage-tutorial", "-b", "lumen")
    assert said.out.startswith("usage-tutorial version 1 is paused; 0 touches wait")
    states = {row["state"] for row in run("campaigns", "list", "-b", "lumen", "--json").json}
    assert states == {"draft", "paused"}
    assert "usage-tutorial" in run("campaigns", "list", "-b", "lumen").out


def test_a_campaign_does_not_go_live_without_its_template(
    app: Outreach, run: Run, written: Written
) -> None:
    b.a_brand(app)
    run("campaigns", "import", written("c.yaml", b.written()), "-b", "lumen")
    said = run("campaigns", "activate", "reminder", "-b", "lumen")
    assert said.code == 2
    assert "template `usage-tutorial-1` is not imported" in said.err


@pytest.mark.parametrize("command", ["activate", "pause"])
def test_an_unknown_campaign_is_named(app: Outreach, run: Run, command: str) -> None:
    b.a_brand(app)
    said = run("campaigns", command, "nothing", "-b", "lumen")
    assert said.code == 2
    assert "there is no campaign 'nothing'; `outreach campaigns list`" in said.err


def test_the_schema_is_the_documents_own(bare: Run) -> None:
    assert bare("campaigns", "schema").json == document.schema()
    assert "texts" in bare("campaigns", "schema", "template").json["properties"]
