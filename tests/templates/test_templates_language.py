"""An unknown word is refused with its line, its column and the word that was probably meant."""

# ruff: noqa: E501  # tables read best with one row a line

import pytest

from outreach.sentences import Flaw, TextError
from outreach.templates import sandbox


def flaws(source: str) -> list[Flaw]:
    with pytest.raises(TextError) as caught:
        sandbox.check(source)
    return list(caught.value.flaws)


@pytest.mark.parametrize(
    ("source", "flaw"),
    [
        ("Hi\n{{ person.fist_name }}",
         Flaw("`person.fist_name` is not known here; did you mean `person.first_name`?", 2, 4)),
        ("{{ brand.name | uper }}", Flaw("filter `uper` is not known here; did you mean `upper`?", 1, 17)),
        ("{% if event.x is odd %}x{% endif %}",
         Flaw("test `odd` is not known here; use one of defined, undefined", 1, 18)),
        ("Hi {{ event.__class__ }}", Flaw("write a name such as `person.first_name`", 1, 7)),
        ("\n\n{% set x = 1 %}", Flaw("`assign` is not part of the template language", 3, 0)),
        ("{{ person.name", Flaw("the template cannot be read: unexpected end of template, expected "
                                "'end of print statemen…", 1)),
        ("a\n{% if event.x %}b", Flaw("", 2)),
        ("{% for a in event.l %}{% for b in event.l %}{% endfor %}{% endfor %}",
         Flaw("loops do not nest: write a loop beside this one", 1, 0)),
        ("{% for a in 'abc' %}{% endfor %}",
         Flaw("loop over one name: `{% for line in event.data.lines %}`", 1, 0)),
    ],
)  # fmt: skip
def test_each_flaw_has_its_place(source, flaw):
    (found,) = flaws(source)
    assert (found.line, found.column) == (flaw.line, flaw.column)
    assert found.sentence.startswith(flaw.sentence)


def test_all_flaws_are_found_at_once():
    assert [(f.line, f.column) for f in flaws("{{ nme }} {{ person.nam }}\n{{ brand.logo }}")] == [
        (1, 4), (1, 14), (2, 4),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "source",
    [
        "{{ person.first_name | default('there', true) | trim | title }}",
        "{% if event.data.total is defined and event.data.total > 5 %}{{ event.data.total }}{% endif %}",
        "{% for line in event.data.lines if line.count > 1 %}{{ line.name }}{% else %}-{% endfor %}",
        "{{ event.data.names | join(', ') }} {{ event.data.names | length }}",
        "{{ 'a' if event.data.gift else 'b' }}{# a note #}{% raw %}{{{% endraw %}",
    ],
)
def test_what_people_need_is_there(source):
    assert sandbox.check(source) == source
