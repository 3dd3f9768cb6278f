"""How fast do people come in from a file, beside a COPY of the rows that they become?

`python -m bench.people [PEOPLE] [ROUNDS] [--json]`, by default 20,000 people and 3 rounds. The file
is a CSV of which each line has a name, a country, a telephone number and a mail address. Ours is
what `outreach people import` does: every field checked, numbers read by the numbering plan of their
country, addresses hashed so that whoever said no is known again, a thousand in a transaction,
with care holds and waiting events looked at anew. The floor is one COPY of ready-made rows of
persons and of their addresses, into tables with the same indexes and no policy. Told are people a
second by the clock and for each second of processor time of this process and its server process.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import psycopg

from bench import figures, stage
from bench.planning import HOW, Spent, by_name, pid, timed
from outreach.app import Outreach
from outreach.cli import people as command
from outreach.db.engine import BrandRef
from outreach.people.model import person_id

FLOOR = """
    create schema floor;
    create table floor.persons (like outreach.persons including indexes including defaults);
    create table floor.addresses (like outreach.addresses including indexes including defaults);
"""
PERSONS = "copy floor.persons (brand_id, id, ref, name, locale, country) from stdin"
ADDRESSES = "copy floor.addresses (brand_id, person_id, kind, value, hash, domain) from stdin"
HEADER = "ref,name,locale,country,phone,email\n"
SPREAD = 6_700_417  # prime to how many numbers there are, so that each comes once


def main() -> None:
    people, rounds = figures.sizes(__doc__, 20_000, 3)
    with stage.servers() as servers, tempfile.TemporaryDirectory() as folder:
        app = stage.built(servers)
        brand = stage.brand(app)
        url = servers.superuser_url.replace("+psycopg", "").replace("/postgres?", "/outreach?")
        with psycopg.connect(url) as hand:
            hand.execute(FLOOR)
            told = [one_round(app, brand, hand, Path(folder), n, people) for n in range(rounds)]
        app.close()
    named = [by_name(one, people) for one in told]
    figures.report(
        figures.of_rounds(
            named, f"people imported{how}", f"COPY{how}", must=0.25, beyond=0.5, unit="1/s"
        )
        for how in HOW
    )


def one_round(
    app: Outreach, brand: BrandRef, hand: psycopg.Connection, folder: Path, number: int, people: int
) -> dict[str, Spent]:
    """What both took, once."""
    places = range(number * people, (number + 1) * people)
    file = folder / f"people-{number}.csv"
    file.write_text(HEADER + "".join(map(line, places)), encoding="utf-8")
    persons, addresses = list(person_rows(brand, places)), list(address_rows(brand, places))
    return {
        "people imported": timed(pid(app, brand), lambda: take(app, brand, file, people)),
        "COPY": timed(hand.info.backend_pid, lambda: copy(hand, persons, addresses)),
    }


def take(app: Outreach, brand: BrandRef, file: Path, people: int) -> None:
    stored, refused = command.take(app, brand, command.lines(file))
    if stored != people or refused:
        raise SystemExit(f"{stored} of {people} were stored; {refused[:1]}")


def copy(
    hand: psycopg.Connection, persons: list[tuple[object, ...]], addresses: list[tuple[object, ...]]
) -> None:
    with hand.cursor() as cursor:
        for statement, rows in ((PERSONS, persons), (ADDRESSES, addresses)):
            with cursor.copy(statement) as into:
                for row in rows:
                    into.write_row(row)
    hand.commit()


def line(place: int) -> str:
    phone, mail = reached(place)
    return f"c-{place},Ada Example {place},en-US,US,{phone},{mail}\n"


def reached(place: int) -> tuple[str, str]:
    """A number of the United States and a mail address, other ones for each place."""
    at = place * SPREAD % 56_000_000
    return f"+1{212 + at // 8_000_000}{2_000_000 + at % 8_000_000}", f"c-{place}@customers.example"


def person_rows(brand: BrandRef, places: range) -> Iterator[tuple[object, ...]]:
    for place in places:
        ref = f"c-{place}"
        yield brand.id, person_id(brand, ref), ref, f"Ada Example {place}", "en-US", "US"


def address_rows(brand: BrandRef, places: range) -> Iterator[tuple[object, ...]]:
    for place in places:
        phone, mail = reached(place)
        person: UUID = person_id(brand, f"c-{place}")
        hash_ = b"\x01" + person.bytes + person.bytes
        yield brand.id, person, "phone", phone, hash_, None
        yield brand.id, person, "email", mail, hash_[::-1], "customers.example"


if __name__ == "__main__":
    main()
