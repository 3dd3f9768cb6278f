"""Is everything said in both languages, and is an address masked?"""

import re
from pathlib import Path

import pytest

from optout.model import Channel, Purpose, Reason
from outreach.db.tables import OUTCOMES, TOUCH_STATES, VERDICTS
from outreach.web import language, rendering
from outreach.web.masking import masked
from outreach.web.words import WORDS, in_language

PAGES = sorted((Path(rendering.__file__).parent / "pages" / "html").glob("*.html"))
_HOLE = re.compile(r"\{(\w+)\}")


def test_both_languages_are_complete_and_have_the_same_holes() -> None:
    for name, (english, chinese) in WORDS.items():
        assert english.strip(), name
        assert re.search(r"[\u4e00-\u9fff]", chinese), name
        assert sorted(_HOLE.findall(english)) == sorted(_HOLE.findall(chinese)), name


def test_pages_say_only_what_the_catalogue_knows_and_all_of_it() -> None:
    source = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    said = set(re.findall(r'\bt\("([a-z_.]+)"[,)]', source))
    families = set(re.findall(r'\bt\("([a-z]+\.)" ~', source))
    assert said <= WORDS.keys()
    plain = {name for name in WORDS if not any(name.startswith(family) for family in families)}
    assert plain == said


def test_every_value_that_a_page_may_show_has_words() -> None:
    for family, values in (
        ("channel", Channel), ("purpose", Purpose), ("state", TOUCH_STATES),
        ("verdict", VERDICTS), ("outcome", (*OUTCOMES, "open")), ("about", Purpose),
        ("because", Reason),
    ):  # fmt: skip
        assert {name for name in WORDS if name.startswith(f"{family}.")} == {
            f"{family}.{value}" for value in values
        }


def test_pages_contain_no_words_of_their_own() -> None:
    for page in PAGES:
        bare = re.sub(r"\{[{%].*?[%}]\}|<[^>]*>", "", page.read_text(encoding="utf-8"))
        assert not re.search(r"[A-Za-z]{2,}", bare.replace("English", "")), page.name


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


def test_holes_are_filled() -> None:
    assert in_language("zh-CN")("coming_count", many=3) == "3 条等待发送时间。"
