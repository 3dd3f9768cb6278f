"""What a template must not do is refused before it is compiled, and nothing it does takes long."""

import time

import pytest

from outreach.sentences import TextError
from outreach.templates import language, sandbox

FORBIDDEN = {
    "a call": "{{ person.name.upper() }}",
    "the object tree": "{{ ''.__class__.__mro__ }}",
    "an attribute of Python": "{{ event.__class__ }}",
    "a private name": "{{ event._secret }}",
    "a deletion": "{{ person.delete() }}",
    "a method of a mapping": "{{ {'a': 1}.items() }}",
    "an index": "{{ person['name'] }}",
    "a slice": "{{ person.name[::1] }}",
    "globals": "{{ cycler.__init__.__globals__ }}",
    "the template itself": "{{ self._TemplateReference__context }}",
    "include": "{% include 'x' %}",
    "import": "{% import 'x' as y %}",
    "extends": "{% extends 'x' %}",
    "macro": "{% macro f() %}{% endmacro %}",
    "call block": "{% call f() %}{% endcall %}",
    "filter block": "{% filter upper %}x{% endfilter %}",
    "set": "{% set x = 'a' %}",
    "with": "{% with x=1 %}{% endwith %}",
    "escaping off": "{% autoescape false %}{{ person.name }}{% endautoescape %}",
    "do": "{% do x %}",
    "debug": "{% debug %}",
    "the attr filter": "{{ person.name | attr('x') }}",
    "the xmlattr filter": "{{ person.name | xmlattr }}",
    "the safe filter": "{{ person.name | safe }}",
    "the format filter": "{{ '%x' | format(1) }}",
    "a bare part": "{{ person }}",
    "a name that takes the person's place": "{% for person in event.l %}{{ person.x }}{% endfor %}",
    "half a character": r"{{ '\ud800' }}",
}
COSTLY = {
    "a long string": "{{ 'a' * 2000000000 }}",
    "a large power": "{{ 10 ** 6000000 }}",
    "a wide format": "{{ '%2000000000d' % 1 }}",
    "doubling": "{% set a = 'xx' %}" * 40,
    "centre": "{{ person.name | center(2000000000) }}",
    "indent": "{{ person.name | indent(2000000000) }}",
    "wordwrap": "{{ person.name | wordwrap(1) }}",
    "replace": "{{ person.name | replace('', 'aaaa') }}",
    "lipsum": "{{ lipsum(99999) }}",
    "a range": "{% for i in range(100000) %}x{% endfor %}",
    "loops in loops": "{% for a in event.l %}{% for b in event.l %}x{% endfor %}{% endfor %}",
    "recursion": "{% for a in event.l recursive %}{{ loop(a) }}{% endfor %}",
    "many loops": "{% for a in event.l %}x{% endfor %}" * 21,
    "concatenation": "{{ person.name ~ person.name }}",
    "many holes": "{{ event.a }}" * 4_000,
    "many parts": "{{ " + "1<" * 10_000 + "1 }}",
    "brackets": "{{ " + "(" * 5_000 + "1" + ")" * 5_000 + " }}",
    "lists": "{{ " + "[" * 5_000 + "]" * 5_000 + " }}",
    "nots": "{{ " + "not " * 9_000 + "1 }}",
    "signs": "{{ " + "-" * 20_000 + "1 }}",
    "dots": "{{ event" + ".a" * 15_000 + " }}",
    "filters": "{{ person.name" + " | upper" * 5_000 + " }}",
    "ands": "{{ " + " and ".join(["event.a"] * 4_000) + " }}",
    "ifs": "{% if event.x %}" * 1_500 + "{% endif %}" * 1_500,
    "alternatives": "{% if event.a %}" + "{% elif event.b %}x" * 2_500 + "{% endif %}",
    "digits": "{{ " + "9" * 20_000 + " }}",
    "openings": "{{" * 20_000,
    "comments": "{#" * 20_000,
    "length": "x" * 70_000,
}


@pytest.mark.parametrize("source", FORBIDDEN.values(), ids=FORBIDDEN)
def test_a_template_reaches_nothing(source):
    with pytest.raises(TextError, match=r"\w"):
        sandbox.check(source)


@pytest.mark.parametrize("source", COSTLY.values(), ids=COSTLY)
def test_a_costly_template_is_refused_soon(source):
    began = time.process_time()
    with pytest.raises(TextError, match=r"\w"):
        sandbox.check(source)
    assert time.process_time() - began < 2


def test_every_filter_of_the_language_is_there_and_no_other():
    assert sandbox.FILTERS.keys() == language.FILTERS


def test_a_template_is_compiled_once():
    assert sandbox.compiled("{{ person.name }}", html=True) is sandbox.compiled(
        "{{ person.name }}", html=True
    )
