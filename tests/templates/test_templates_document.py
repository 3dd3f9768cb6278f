"""A template is a document whose texts are checked when it is read."""

# ruff: noqa: E501  # tables read best with one row a line

import json

import pytest

from optout.model import Channel
from outreach.errors import Invalid
from outreach.templates import document

GOOD = """\
key: hello
purpose: service
texts:
  en:
    email:
      subject: "Hello {{ person.name }}"
      text: |
        Hello {{ person.name }},

        {{ brand.name }}
    sms:
      text: "{{ brand.name }}: hello"
      code: T-1
      params:
        name: "{{ person.name }}"
"""

# ruff: noqa: E501  # tables read best with one row a line


def complaints(text: str) -> list[str]:
    with pytest.raises(Invalid) as caught:
        document.read(text, name="hello.yaml")
    return [str(problem) for problem in caught.value.problems]


def test_a_template_is_read_and_written():
    template = document.read(GOOD, name="hello.yaml")
    assert template.texts["en"][Channel.SMS].params == {"name": "{{ person.name }}"}
    assert document.decode(json.loads(json.dumps(document.plain(template))), name="x") == template


@pytest.mark.parametrize(
    ("good", "bad", "complaint"),
    [
        ("key: hello", "key: Hello!",
         "line 1, column 6: key: write a name in lower-case letters, digits and single hyphens"),
        ("purpose: service", "purpose: news",
         ("line 2, column 10: purpose: `news` is not known here; use one of marketing, renewal, review, "
          "service, survey, transactional")),
        ("  en:", "  english:", "line 4, column 3: texts.english: write a locale such as `en`, `en-GB` or `zh-CN`"),
        ("    sms:", "    smss:", "line 11, column 5: texts.en.smss: `smss` is not known here; did you mean `sms`?"),
        ("      subject:", "      sujbect:",
         "line 6, column 7: texts.en.email.sujbect: `sujbect` is not known here; did you mean `subject`?"),
        ('      subject: "Hello {{ person.name }}"\n', "",
         "line 1, column 1: an e-mail needs a subject: add one for en"),
        ("      code: T-1\n", "",
         "line 12, column 7: texts.en.sms: params belong to a provider's template: add its `code`"),
        ('name: "{{ person.name }}"', 'na me: "x"',
         "line 15, column 9: texts.en.sms.params.na me: write a name in letters, digits and underscores"),
        ('"{{ brand.name }}: hello"', '""', "line 12, column 13: texts.en.sms.text: write a text here: it is empty"),
        ("        {{ brand.name }}\n", "        {{ brand.nam }}\n",
         "line 10, column 12: texts.en.email.text: `brand.nam` is not known here; did you mean `brand.name`?"),
        ('"Hello {{ person.name }}"', '"Hello {{ persn.name }}"',
         "line 6, column 26: texts.en.email.subject: `persn.name` is not known here; did you mean `person.name`?"),
        ("        Hello {{ person.name }},\n", "        Hello {{ person.name },\n",
         "line 8, column 9: texts.en.email.text: the template cannot be read: unexpected '}'"),
        ("        Hello {{ person.name }},\n", "        Hello {{ person.delete() }},\n",
         "line 8, column 9: texts.en.email.text: `call` is not part of the template language"),
        ('"Hello {{ person.name }}"', '"Hello\\nBcc: x"',
         "line 6, column 16: texts.en.email.subject: write this in one line"),
    ],
)  # fmt: skip
def test_each_mistake_has_its_line_and_a_sentence(good, bad, complaint):
    assert good in GOOD
    assert complaints(GOOD.replace(good, bad, 1)) == [complaint]


def test_ten_mistakes_are_ten_problems():
    holes = "\n".join(f"        {{{{ wrong{i} }}}}" for i in range(8))
    text = GOOD.replace("        {{ brand.name }}", holes).replace("purpose: service", "purpose: x")
    assert len(complaints(text.replace("T-1", "5"))) == 10


def test_the_schema_describes_every_key():
    schema = document.schema()
    described = [p for d in schema["$defs"].values() for p in d.get("properties", {}).values()]
    assert all("description" in entry for entry in [*described, *schema["properties"].values()])
