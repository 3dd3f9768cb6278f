"""Is docs/templates.md what the rules say, and can its examples be used?"""

import re
import runpy
from pathlib import Path

from ruamel.yaml import YAML

from outreach.brands.model import Blocks, Voice
from outreach.events.model import KEYED_BY, OCCASIONS
from outreach.templates import document, fields, language, lint

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "templates.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", PAGE, flags=re.DOTALL | re.MULTILINE)


def test_the_page_is_fresh():
    """When it is not: `.venv/bin/python docs/make_templates.py`."""
    assert runpy.run_path(str(DOCS / "make_templates.py"))["page"]() == PAGE


def test_the_example_of_a_template_is_one_without_errors():
    document.read(EXAMPLES[0], name="example.yaml")
    assert lint.errors(lint.of_text(EXAMPLES[0], name="example.yaml")) == ()


def test_the_example_of_a_voice_is_one():
    shown = YAML(typ="safe", pure=True).load(EXAMPLES[1])
    assert Voice.model_validate(shown["voice"]).address == "formal"
    assert Blocks.model_validate(shown["blocks"]["en"]).legal


def test_every_name_of_the_language_is_in_the_reference():
    assert set(fields.reference().names) == language.NAMES | {"event.type"}


def test_every_type_of_event_is_in_the_reference_with_what_names_it():
    told = fields.reference().events
    assert set(told) == {*KEYED_BY, *OCCASIONS}
    for kind, names in KEYED_BY.items():
        assert all(told[kind][name] for name in names)
    assert {name for names in told.values() for name in names} <= set(fields.reference().data)
