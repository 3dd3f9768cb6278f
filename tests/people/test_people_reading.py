"""Is a person read in one spelling, and is every mistake told at once and at its field?"""

from collections.abc import Mapping

import pytest

from optout.identity import Hasher
from optout.keys import Key
from outreach.db.engine import BrandRef
from outreach.errors import Invalid
from outreach.hours import coordinates
from outreach.people import reading
from outreach.people.model import Person, person_id

LUMEN = BrandRef(1, "lumen")
HASHER = Hasher([Key(1, b"k" * 32)])


def read(**fields: object) -> Person:
    return reading.read(
        {"ref": "c-1", **fields}, brand=LUMEN, hasher=HASHER, zone_at=coordinates.zone_of
    )


def problems(fields: Mapping[str, object]) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        reading.read(fields, brand=LUMEN, hasher=HASHER, zone_at=coordinates.zone_of)
    return {problem.where: problem.sentence for problem in caught.value.problems}


def test_a_person_is_read_in_canonical_spelling() -> None:
    """What a file writes in its own way is kept in ours, and its id follows from its ref alone."""
    person = read(
        name=" Ada Example ", email="Ada@Customers.EXAMPLE", phone="(212) 555-0101", country="US"
    )
    assert person.id == person_id(LUMEN, "c-1")
    assert person.name == "Ada Example"
    assert [(a.kind, a.value) for a in person.addresses] == [
        ("email", "ada@customers.example"),
        ("phone", "+12125550101"),
    ]


def test_an_address_is_hashed_as_consent_hashes_it() -> None:
    """The hash kept with a person is the one by which a withdrawal is found."""
    (address,) = read(phone="+12125550101").addresses
    assert address.hash == HASHER.hash(address.identity)


def test_every_problem_is_told_at_once() -> None:
    """Whoever mends a file mends it in one go."""
    found = problems(
        {
            "name": "\x07", "zone": "Mars/Base", "country": "us", "subdivision": "Florida",
            "locale": "english", "email": "nobody", "phone": "12", "handle": "a b", "tags": 5,
            "postcode": 12345, "telefone": "+12125550101",
        }
    )  # fmt: skip
    assert set(found) == {
        "ref", "name", "zone", "country", "subdivision", "locale", "email", "phone", "handle",
        "tags", "postcode", "telefone",
    }  # fmt: skip
    assert "unknown field" in found["telefone"]
    assert "Asia/Shanghai" in found["zone"]


@pytest.mark.parametrize("zone", ["localtime", "posixrules", "America", "utc+8", "../etc/passwd"])
def test_a_zone_that_only_this_machine_knows_is_none(zone: str) -> None:
    """A zone is one of the packaged database, or the hours could not be judged later."""
    assert set(problems({"ref": "c-1", "zone": zone})) == {"zone"}


@pytest.mark.parametrize(
    "number",
    [
        "+12125550100",
        "+447700900123",
        "+61491570006",
        "+33199001234",
        "+13438555010",
        "+8613800138000",
    ],
)
def test_numbers_kept_for_fiction_are_numbers(number: str) -> None:
    """Demonstrations and tests need numbers that ring nowhere."""
    assert read(phone=number).addresses[0].value == number


def test_a_number_with_its_country_code_needs_no_country() -> None:
    """A person in a place without telephones of its own may well have a number from elsewhere."""
    assert read(country="AQ", phone="+64 21 123 4567").addresses[0].value == "+64211234567"


@pytest.mark.parametrize("name", ["李\u3000明", "न\u200dम", "Zoë  O’Neil-d'Arc"])
def test_a_name_may_have_the_signs_that_names_have(name: str) -> None:
    """Wide spaces and joiners are no control characters."""
    assert read(name=name).name == name


@pytest.mark.parametrize("locale", ["en", "zh-CN", "zh-Hant-HK", "yue", "es-419"])
def test_every_locale_that_a_text_may_have_a_person_may_have(locale: str) -> None:
    """Or a text in Cantonese would have no reader."""
    assert read(locale=locale).locale == locale


@pytest.mark.parametrize("ref", [None, "", "   ", "\ud800", "a\0b", "r" * 201, 7])
def test_a_ref_is_a_text_with_something_in_it(ref: object) -> None:
    """Events name a person by it, so it has to be writable."""
    assert "ref" in problems({"ref": ref})


@pytest.mark.parametrize(
    ("given", "tags"),
    [("vip; new ;", ("new", "vip")), (["vip", "vip"], ("vip",)), (None, ()), ("", ()), ([], ())],
)
def test_tags_are_a_list_or_a_text_with_semicolons(given: object, tags: tuple[str, ...]) -> None:
    """Each once, in order."""
    assert read(tags=given).tags == tags


@pytest.mark.parametrize(
    "given", [5, True, {"a": 1}, [1], ["a\0"], "a\0;b", [f"t{n}" for n in range(101)]]
)
def test_tags_of_any_other_form_are_a_problem_of_that_field(given: object) -> None:
    """And never a crash."""
    assert set(problems({"ref": "c-1", "tags": given})) == {"tags"}
