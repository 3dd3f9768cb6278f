"""The commands about texts say what is found, and end as they should."""

import json
from pathlib import Path

from typer.testing import CliRunner

from outreach.cli.campaigns import cli as campaigns
from outreach.cli.templates import cli
from outreach.templates import document, starting

RUN = CliRunner()
BAD = """\
key: a
purpose: service
texts:
  en:
    sms:
      text: "{{ event.data.plan }}: 20% off"
"""


def file(folder: Path, text: str = BAD) -> str:
    written = folder / "a.yaml"
    written.write_text(text, encoding="utf-8")
    return str(written)


def test_lint_names_line_phrase_and_source_and_ends_with_1(tmp_path: Path):
    told = RUN.invoke(cli, ["lint", file(tmp_path)])
    assert told.exit_code == 1
    assert "a.yaml:6:39: error: texts.en.sms.text: `% off` is an offer" in told.output


def test_lint_heeds_the_brand_of_a_file(tmp_path: Path):
    brand = tmp_path / "brand.yml"
    brand.write_text(
        "key: lumen\nname: Lumen\nlocale: en\nzone: UTC\nprofile:\n  sender_name: L\n"
        "  sender_email: a@lumen.example\n  sms_sender: L\n  signature: L\n  support: x\n"
        "  voice: {avoid: [{phrase: plan, rather: offer}]}\n",
        encoding="utf-8",
    )
    text = BAD.replace("{{ event.data.plan }}: 20% off", "{{ brand.name }}: plan. Reply STOP")
    told = RUN.invoke(cli, ["lint", file(tmp_path, text), "--brand-file", str(brand), "--json"])
    assert told.exit_code == 0
    assert [one["code"] for one in json.loads(told.output)] == ["voice-word"]


def test_preview_shows_the_text_and_names_what_may_be_missing(tmp_path: Path):
    told = RUN.invoke(cli, ["preview", file(tmp_path), "--event", "trial.ending"])
    assert told.exit_code == 1
    assert "Care plan: 20% off" in told.output
    assert "! not filled at times: `event.data.plan` has no value" in told.output


def test_preview_takes_an_event_that_came(tmp_path: Path):
    event = tmp_path / "event.json"
    event.write_text('{"data": {"plan": "Gold"}}', encoding="utf-8")
    told = RUN.invoke(cli, ["preview", file(tmp_path), "--as-of", str(event)])
    assert told.exit_code == 0
    assert "Gold: 20% off" in told.output


def test_segments_are_counted_and_added_up(tmp_path: Path):
    """With what is put around the text: 17 signs of it, 18 before and 22 behind."""
    told = RUN.invoke(cli, ["segments", file(tmp_path), "--price", "0.05", "--json"])
    [row] = json.loads(told.output)
    assert (row["alphabet"], row["units"], row["parts"], row["cost"]) == ("gsm-7", 57, 1, "0.05")


def test_validate_shows_what_lint_finds(tmp_path: Path):
    told = RUN.invoke(campaigns, ["validate", file(tmp_path)])
    assert told.exit_code == 2
    assert "promotional-wording" in told.output


def test_a_template_of_the_library_can_be_begun_with_its_schema_beside_it(tmp_path: Path):
    """Comments stay, and so does the line that tells an editor which schema to use."""
    out = tmp_path / "mine" / "mine.yaml"
    told = RUN.invoke(cli, ["new", "mine", "--from", "nps-survey", "--out", str(out)])
    assert told.exit_code == 0
    first, comment, key, *_ = out.read_text(encoding="utf-8").splitlines()
    assert first == "# yaml-language-server: $schema=template.schema.json"
    assert (comment[:2], key) == ("# ", "key: mine")
    beside = json.loads((out.parent / "template.schema.json").read_text(encoding="utf-8"))
    assert beside == json.loads(RUN.invoke(cli, ["schema"]).output)
    assert RUN.invoke(cli, ["lint", str(out)]).exit_code == 0


def test_every_template_of_the_library_names_its_schema():
    texts = document.library().values()
    assert all(text.startswith(starting.EDITOR_LINE) for text in texts)
