"""Does a file of people come in line by line, and a file that is none not at all?"""

from collections.abc import Callable
from pathlib import Path

import pytest

from outreach.app import Outreach
from outreach.cli import people
from outreach.db.engine import BrandRef, Database
from outreach.errors import Trouble
from outreach.people import store
from outreach.people.model import person_id
from tests import builders as b
from tests.cli.conftest import Run

Written = Callable[[str, str | bytes], Path]


@pytest.fixture
def lumen(app: Outreach) -> BrandRef:
    return b.a_brand(app)


@pytest.fixture(scope="module")
def nobodies(shared_app: Outreach) -> BrandRef:
    """A brand for tests that store nobody."""
    return b.a_brand(shared_app, "nobodies")


def names(app: Outreach, lumen: BrandRef, *refs: str) -> list[str | None]:
    """The names of these persons; None for whoever is not there."""
    keys = [person_id(lumen, ref) for ref in refs]
    with app.means.database.begin(lumen) as tx:
        found = store.by_id(tx, keys)
    return [found[key].name if key in found else None for key in keys]


def test_a_good_line_is_stored_and_a_bad_one_told(
    app: Outreach, run: Run, written: Written, lumen: BrandRef
) -> None:
    file = written(
        "p.csv", "ref,name,zone,phone,country\n1,Ada,America/New_York,,US\n2,Bob,Mars/Base,12,US\n"
    )
    said = run("people", "import", file, "-b", "lumen")
    assert (said.code, said.out) == (1, "1 stored, 1 refused\n")
    assert said.err.startswith("line 3: zone: 'Mars/Base' is no time zone")
    assert "phone: no telephone number" in said.err
    assert names(app, lumen, "1", "2") == ["Ada", None]


def test_refused_lines_are_data_for_machines(run: Run, written: Written, lumen: BrandRef) -> None:
    file = written("p.ndjson", '{"ref": "1"}\n\nnot json\n' + "[" * 100_000 + '\n{"ref": 5}\n')
    said = run("people", "import", file, "-b", "lumen", "--json")
    assert (said.code, said.err) == (1, "")
    assert said.json["stored"] == 1
    assert [line["line"] for line in said.json["refused"]] == [3, 4, 5]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_csv_as_spreadsheets_write_it(
    app: Outreach, run: Run, written: Written, lumen: BrandRef, mark: bytes
) -> None:
    text = 'ref,name,tags\r\n1,"Ada, of\u2028Lumen",vip;new\r\n\r\n2,Bob\r\n'
    said = run("people", "import", written("P.CSV", mark + text.encode()), "-b", "lumen")
    assert (said.code, said.err, said.out) == (0, "", "2 stored, 0 refused\n")
    assert names(app, lumen, "1", "2") == ["Ada, of\u2028Lumen", "Bob"]


def test_a_line_is_counted_as_an_editor_counts(run: Run, written: Written, lumen: BrandRef) -> None:
    file = written("p.csv", "ref,name\n1,Ada\n\n2,Bob,too much\n")
    said = run("people", "import", file, "-b", "lumen")
    assert said.err.startswith("line 4: the line has more cells than the header")


def test_json_texts_may_hold_what_some_take_for_a_line_end(
    run: Run, written: Written, lumen: BrandRef
) -> None:
    file = written("p.jsonl", '{"ref": "1", "name": "Ada\u2028\u0085"}\r\n')
    said = run("people", "import", file, "-b", "lumen")
    assert "the line is no JSON object" not in said.err


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("p.csv", "", "ref: is missing"),
        ("p.csv", "ref;name\n1;Ada\n", "ref;name: is no column; known are ref, name"),
        ("p.csv", "ref,nmae\n1,Ada\n", "nmae: is no column"),
        ("p.csv", "ref,name,name\n1,Ada,Bob\n", "name: is a column twice"),
        ("p.csv", 'ref,name\n1,Ada\n2,"Bob\n', "check the quotes"),
        ("p.csv", b"ref,name\n1,Ada\n2,\xc4\xe3\n", "is not UTF-8 (line 3); save it as UTF-8"),
        ("p.ndjson", b'{"ref": "1"}\n{"ref": "\xff"}\n', "is not UTF-8 (line 2)"),
        ("p.xlsx", "ref\n1\n", "name it .csv, .ndjson or .jsonl"),
    ],
)
def test_a_file_that_cannot_be_read_stores_nobody(
    shared_app: Outreach, shared_run: Run, written: Written, nobodies: BrandRef,
    name: str, text: str | bytes, sentence: str,
) -> None:  # fmt: skip
    said = shared_run("people", "import", written(name, text), "-b", nobodies.key)
    assert (said.code, said.out) == (2, "")
    assert sentence in said.err
    assert names(shared_app, nobodies, "1") == [None]


@pytest.mark.parametrize("noun", ["people", "events"])
def test_a_file_that_is_not_there_is_named(
    shared_run: Run, tmp_path: Path, nobodies: BrandRef, noun: str
) -> None:
    for file, why in ((tmp_path / "none.csv", "No such file"), (tmp_path, "Is a directory")):
        said = shared_run(noun, "import", file, "-b", nobodies.key)
        assert said.code == 2
        assert f"{file} cannot be read: {why}" in said.err


def test_many_refusals_are_counted_and_not_recited(
    shared_run: Run, written: Written, nobodies: BrandRef
) -> None:
    said = shared_run("people", "import", written("p.ndjson", "no\n" * 50), "-b", nobodies.key)
    assert said.err.count("\n") == 21
    assert "and 30 more; --json lists them all" in said.err


def test_a_database_that_goes_midway_leaves_what_is_done(
    app: Outreach, run: Run, written: Written, lumen: BrandRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "BATCH", 1)
    begin, begun = Database.begin, []

    def away_later(database: Database, brand: BrandRef) -> object:
        begun.append(brand)
        if len(begun) == 4:  # The first one is the record of who imports.
            raise Trouble("the database did not carry it out: gone")
        return begin(database, brand)

    monkeypatch.setattr(Database, "begin", away_later)
    file = written("p.csv", "ref,name\n1,Ada\n2,Bob\n3,Cy\n4,Di\n")
    said = run("people", "import", file, "-b", "lumen")
    assert (said.code, said.out) == (4, "")
    assert "2 lines are done, so import the file again" in said.err
    assert run("people", "import", file, "-b", "lumen").out == "4 stored, 0 refused\n"
    assert names(app, lumen, "1", "2", "3", "4") == ["Ada", "Bob", "Cy", "Di"]
