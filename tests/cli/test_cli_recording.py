"""Is every command that changes something on record before it is carried out?"""

from itertools import count

import pytest

from outreach.app import Outreach
from outreach.audit import store
from outreach.db.engine import BrandRef
from tests import builders as b
from tests.cli.conftest import Run

_BRANDS = count(1)


@pytest.fixture
def brand(shared_app: Outreach) -> BrandRef:
    return b.a_brand(shared_app, f"recorded-{next(_BRANDS)}")


def records(app: Outreach, brand: BrandRef) -> list[tuple[str, str, str]]:
    with app.means.database.begin(brand) as tx:
        return [(one.role, one.deed, one.target) for one in store.newest(tx)]


def test_a_command_stands_in_the_chain_of_its_brand_by_ids_alone(
    shared_app: Outreach, shared_run: Run, brand: BrandRef
) -> None:
    """Also when it fails; who ran it is named by the account on the host, whom by an id."""
    shared_run("people", "erase", "ada@example.com", "--because", "Ada", "--brand", brand.key)
    shared_run("people", "export", "ada@example.com", "--brand", brand.key)
    shared_run("brands", "list")
    told = records(shared_app, brand)
    assert [deed for _, deed, _ in told] == ["outreach people export", "outreach people erase"]
    assert all(role == "command" and target.startswith("ref=per_") for role, _, target in told)


def test_what_concerns_every_brand_stands_in_every_chain(
    shared_app: Outreach, shared_run: Run, brand: BrandRef
) -> None:
    """A user's password is the agency's; no brand's chain goes without the deed."""
    other = b.a_brand(shared_app, f"recorded-{next(_BRANDS)}")
    user = b.a_user(shared_app, brand)
    shared_run("users", "logout", user.login)
    deed = ("command", "outreach users logout", f"login={user.login}")
    assert [records(shared_app, one) for one in (brand, other)] == [[deed], [deed]]


def test_what_is_kept_of_a_person_is_handed_out(
    shared_app: Outreach, shared_run: Run, brand: BrandRef
) -> None:
    """As JSON for machines and as text for people, in clear."""
    b.a_person(shared_app, brand, "c-1", email="ada@customers.example")
    asked = ("people", "export", "c-1", "--brand", brand.key)
    kept = shared_run(*asked, "--json").json
    assert "ada@customers.example" in {one["value"] for one in kept["stores"]["addresses"]}
    assert "## 联系方式 (2)" in shared_run(*asked, "--language", "zh-CN").out
