"""How many people does a file or a campaign mean? Asked on the command line."""

from pathlib import Path

from outreach.app import Outreach
from tests import builders as b
from tests.cli.conftest import Run


def test_a_file_is_counted_with_masked_examples(app: Outreach, run: Run, tmp_path: Path) -> None:
    """A condition alone, or a campaign with its trigger."""
    brand = b.a_brand(app)
    b.a_person(app, brand, "ada", email="ada@customers.example", phone=None)
    b.a_person(app, brand, "bo", country="DE", subdivision=None, phone=None)
    alone, whole = tmp_path / "condition.yaml", tmp_path / "news.yaml"
    alone.write_text("{field: person.country, operator: is, value: US}", encoding="utf-8")
    everybody = {"audience": "all", "at": "2026-12-01T10:00"}
    whole.write_text(b.written("news", trigger=everybody), encoding="utf-8")
    said = run("campaigns", "audience", alone, "--brand", "lumen")
    assert said.out == "1 people\nada US a•••@customers.example\n"
    assert run("campaigns", "audience", whole, "-b", "lumen", "--json").json["count"] == 2
    assert run("campaigns", "import", whole, "-b", "lumen").code == 0
    assert run("campaigns", "audience", "news", "-b", "lumen", "--json").json["count"] == 2
