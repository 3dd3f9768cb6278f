"""Is everything said in both languages, and is an address masked?"""

import re
from pathlib import Path

import pytest

from optout.list_lines import Layout
from optout.model import Action, Channel, How, Purpose, Reason
from outreach.access import roles
from outreach.channels.receipts import Kind
from outreach.db.tables import OUTCOMES, TOUCH_STATES, VERDICTS
from outreach.events.model import KEYED_BY, OCCASIONS
from outreach.inbound import cases
from outreach.web import language, rendering, words
from outreach.web.console import navigation
from outreach.web.masking import masked

PAGES = sorted(page for folder in rendering.HTML for page in folder.glob("*.html"))
_HOLE = re.compile(r"\{(\w+)\}")
ENGLISH, CHINESE = words.words("en").forms, words.words("zh-CN").forms


def test_both_languages_are_complete_and_have_the_same_holes() -> None:
    assert ENGLISH.keys() == CHINESE.keys()
    for name, english in ENGLISH.items():
        chinese = CHINESE[name]
        assert all(form.strip() for form in english), name
        assert re.search(r"[\u4e00-\u9fff]", chinese[0]), name
        for form in (*english[1:], *chinese):
            assert set(_HOLE.findall(form)) == set(_HOLE.findall(english[-1])), name


def test_both_languages_keep_a_message_in_the_catalogue_of_the_same_screen() -> None:
    for mine in sorted(words.CATALOGUES.glob("en/**/*.po")):
        theirs = words.CATALOGUES / "zh_CN" / "LC_MESSAGES" / mine.name
        assert _named(mine) == _named(theirs), mine.name


def _named(catalogue: Path) -> list[str]:
    return re.findall(r'^msgid "(.+)"', catalogue.read_text(encoding="utf-8"), re.MULTILINE)


def test_a_message_counts_as_its_language_does() -> None:
    say, sag = words.in_language("en"), words.in_language("zh-CN")
    assert say("coming_count", many=1) == "1 is waiting for its time."
    assert say("coming_count", many=12345) == "12,345 are waiting for their time."
    assert sag("coming_count", many=1) == "1 条等待发送时间。"


def test_pages_say_only_what_the_catalogues_know_and_all_of_it() -> None:
    """Messages of a family are named by a value; `done` and `place` are named by the code."""
    source = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    said = set(re.findall(r'\bt\("([a-z_.]+)"[,)]', source))
    said |= {place.word for place in navigation.PLACES}
    families = set(re.findall(r'\bt\("([a-z_]+\.)" ~', source)) | {"done."}
    assert said <= ENGLISH.keys()
    plain = {name for name in ENGLISH if not any(name.startswith(family) for family in families)}
    assert plain == {name for name in said if not name.startswith(tuple(families))}


def test_every_value_that_a_page_may_show_has_words() -> None:
    for family, values in (
        ("channel", Channel), ("purpose", Purpose), ("state", TOUCH_STATES),
        ("verdict", VERDICTS), ("outcome", (*OUTCOMES, "open")), ("about", Purpose),
        ("because", Reason), ("consent", (*Reason, "no_address")), ("action", Action), ("how", How),
        ("layout", Layout), ("receipt", Kind), ("topic", cases.TOPICS),
        ("event", (*KEYED_BY, *OCCASIONS)), ("role", roles.table().names),
    ):  # fmt: skip
        assert {name for name in ENGLISH if name.startswith(f"{family}.")} == {
            f"{family}.{value}" for value in values
        }


def test_pages_contain_no_words_of_their_own() -> None:
    for page in PAGES:
        bare = re.sub(r"\{[{%].*?[%}]\}|<[^>]*>", "", page.read_text(encoding="utf-8"))
        assert not re.search(
            r"[A-Za-z]{2,}", bare.replace("English", "").replace("doctype html", "")
        ), page.name


def test_everything_is_escaped() -> None:
    assert rendering.environment().autoescape is True
    assert "safe" not in "".join(page.read_text(encoding="utf-8") for page in PAGES)


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("", "en"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"), ("en-GB,zh;q=0.9", "en"),
        ("fr,zh;q=0.2", "zh-CN"), ("zh;q=0,fr", "en"), ("en;q=0.3, zh-Hant-TW;q=0.7", "zh-CN"),
        ("*", "en"), ("zh;q=oops", "en"), (";;;,,,", "en"),
    ],
)  # fmt: skip
def test_the_best_language_that_we_speak_is_chosen(header: str, wanted: str) -> None:
    assert language.preferred(header) == wanted


@pytest.mark.parametrize(
    ("kind", "value", "wanted"),
    [
        ("email", "ada@customers.example", "a•••@customers.example"),
        ("email", "al@customers.example", "•••@customers.example"),
        ("phone", "+12125550101", "+12•••01"),
        ("phone", "+123", "+•••"),
        ("handle", "adaexample", "a•••"),
        ("handle", "", "•••"),
    ],
)
def test_an_address_is_masked(kind: str, value: str, wanted: str) -> None:
    assert masked(kind, value) == wanted
