"""Do the commands without an address do what the library does?"""

import io
import json
import sys

import pytest

from optout.__main__ import main
from optout.errors import UnreadableList

NORTH = {"brand": "north", "channel": "sms", "purpose": "service"}


@pytest.fixture
def run(home, emptied):
    environ = {
        "OPTOUT_DATABASE_URL": home.app.set(drivername="postgresql").render_as_string(),
        "OPTOUT_KEYS": f"1:{'6b' * 32}",
    }
    return lambda *words: main([str(word) for word in words], environ)


@pytest.fixture
def ask(run, monkeypatch, capsys):
    def asked(*questions: object) -> list[dict]:
        lines = "\n".join(q if isinstance(q, str) else json.dumps(NORTH | q) for q in questions)
        stdin = io.TextIOWrapper(io.BytesIO(lines.encode()))
        monkeypatch.setattr(sys, "stdin", stdin)
        assert run("ask", "--jsonl") == (0, "")
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return asked


def test_the_regimes_are_checked() -> None:
    """Before anybody relies on them: one answer for every question."""
    code, said = main(["regimes", "check"], {})
    assert (code, "exactly one answer" in said) == (0, True)


def test_a_place_is_shown() -> None:
    code, said = main(["regimes", "show", "US-FL", "--on", "2026-11-22"], {})
    assert (code, len(said.splitlines())) == (0, 25)
    assert "US-FL > US > default" in said


def test_duties_are_shown_and_given_as_values() -> None:
    """For whoever words a text, and for what lints it."""
    code, said = main(["duties", "FR", "sms", "marketing", "--on", "2026-11-22"], {})
    assert (code, "label: STOP au 36xxx (end, by carrier)" in said) == (0, True)
    values = json.loads(main(["duties", "CN", "sms", "marketing", "--json"], {})[1])
    assert [label["text"] for label in values["labels"]] == ["【签名】", "拒收请回复R"]
    korean = json.loads(main(["duties", "KR", "sms", "marketing", "--json"], {})[1])
    assert korean["labels"][0]["text"] == "(광고)"


def test_a_list_comes_in_by_the_shell(run, ask, tmp_path) -> None:
    """The house's own list blocks; a register that laws name waits to be asked by them."""
    file = tmp_path / "house.csv"
    file.write_text("(212) 555-0123\n" + "".join(f"212555{n:04}\n" for n in range(200)) + "nobody")
    told = tmp_path / "verdicts.csv"
    words = ("import", file, "--as-of", "2026-11-01", "--region", "US", "--verdicts", told)
    code, said = run(*words, "--list", "house")
    assert (code, "blocks whoever is on it: 202 lines, 201 listed" in said) == (0, True)
    assert told.read_text().splitlines()[-1].startswith("202,refused,")
    assert [one["reason"] for one in ask({"address": "+12125550123"})] == ["blocked"]
    code, said = run(*words, "--list", "TPS / CTPS")
    assert "counts where a law names it" in said


def test_a_register_of_one_trade_waits_to_be_asked_too(run, ask, tmp_path) -> None:
    """Some registers bind a trade alone, such as Mexico's for banks: others may go on."""
    file = tmp_path / "reus.csv"
    file.write_text("+525512345678\n")
    _, said = run("import", file, "--as-of", "2026-11-01", "--list", "REUS (CONDUSEF)")
    assert "counts where a law names it" in said
    assert [one["reason"] for one in ask({"address": "+525512345678"})] == ["contract"]


def test_a_list_that_cannot_be_read_is_refused(run, tmp_path) -> None:
    file = tmp_path / "empty.csv"
    file.write_text("")
    assert run("import", file, "--as-of", "2026-11-01", "--list", "house")[0] == 2
    assert UnreadableList.__doc__


def test_a_list_in_another_encoding_or_place_is_said_in_a_sentence(run, tmp_path) -> None:
    file = tmp_path / "latin.csv"
    file.write_bytes("jos\u00e9@example.com\n".encode("latin-1"))
    words = ("--as-of", "2026-11-01", "--list", "house")
    code, said = run("import", file, *words)
    assert (code, "UTF-8" in said) == (2, True)
    code, said = run("import", tmp_path / "none.csv", *words)
    assert (code, "none.csv cannot be read" in said) == (2, True)


def test_questions_come_by_the_line(run, ask) -> None:
    """In order, across brands, under the law of places; a bad line is answered like the rest."""
    run("withdraw", "jo@example.com", "--brand", "north", "--evidence", "msg 1")
    mail = {"address": "jo@example.com", "channel": "email"}
    law = {"jurisdictions": ["DE"], "on": "2026-11-22", "purpose": "survey"}
    bought = {"relationship": {"last_purchase": "2026-10-01T00:00:00Z", "facts": [
        "details_from_sale", "opt_out_at_collection", "own_similar_products",
    ]}}  # fmt: skip
    said = ask(
        mail, mail | {"brand": "south"}, "{", {"address": "nobody"}, {"address": "jo"} | {"x": 1},
        mail | law | {"brand": "south"}, mail | law | bought | {"brand": "south"},
    )  # fmt: skip
    assert [one.get("reason", "error") for one in said] == [
        "withdrawn", "contract", "error", "error", "error", "no_consent", "customer",
    ]  # fmt: skip


def test_everything_can_be_taken_out(run, capsys) -> None:
    """Each entry as it was said, without an address in clear."""
    run("withdraw", "jo@example.com", "--brand", "north", "--evidence", "m", "--product", "P-1")
    run("block", "jo@example.com", "--brand", "north", "--evidence", "m", "--cause", "minor")
    assert run("export", "--brand", "north") == (0, "")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["action"], one["product"], one["block"]) for one in lines] == [
        ("withdraw", "P-1", None), ("block", None, "minor"),
    ]  # fmt: skip
    assert all(len(one["identity_hash"]) == 66 for one in lines)


def test_one_question_may_name_its_place(run) -> None:
    about = ("--brand", "north", "--channel", "email", "--purpose", "survey")
    assert run("ask", "jo@example.com", *about, "--place", "DE", "--on", "2026-11-22")[0] == 1
    code, said = run("ask", "jo@example.com", "--brand", "north", "--channel", "email")
    assert (code, "--purpose" in said) == (2, True)
