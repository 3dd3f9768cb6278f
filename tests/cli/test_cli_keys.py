"""Are API keys issued, shown and revoked at the command line?"""

import pytest

from outreach.access import keys
from outreach.app import Outreach
from outreach.errors import Forbidden
from tests import builders
from tests.cli.conftest import Run


def test_a_key_is_issued_shown_and_revoked(run: Run, app: Outreach) -> None:
    """The key itself is shown once; afterwards it goes by its id."""
    brand = builders.a_brand(app)
    issued = run("brands", "key", "-b", brand.key, "--name", "shop", "--json").json["key"]
    assert keys.brand_of(app.means.database, issued) == brand
    (known,) = run("brands", "keys", "-b", brand.key, "--json").json
    assert (known["name"], known["for"]) == ("shop", None)
    assert issued not in str(known)
    assert run("brands", "revoke", known["key"], "-b", brand.key).code == 0
    with pytest.raises(Forbidden):
        keys.brand_of(app.means.database, issued)
    assert run("brands", "revoke", known["key"], "-b", brand.key).code == 2


def test_a_key_is_issued_for_a_user_who_is_there(run: Run, app: Outreach) -> None:
    brand = builders.a_brand(app)
    builders.a_user(app, brand, "ada", role="admin")
    run("brands", "key", "-b", brand.key, "--for", "ada")
    assert [one["for"] for one in run("brands", "keys", "-b", brand.key, "--json").json] == ["ada"]
    said = run("brands", "key", "-b", brand.key, "--for", "adda")
    assert (said.code, "no user 'adda'" in said.err) == (2, True)
