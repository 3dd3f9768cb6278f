"""What do tests of records stand on? One application for a module, and a brand for each test."""

from itertools import count

import pytest

from outreach.app import Outreach
from outreach.db.engine import BrandRef
from tests import builders as b

_BRANDS = count(1)


@pytest.fixture
def app(shared_app: Outreach) -> Outreach:
    return shared_app


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    return b.a_brand(app, f"records-{next(_BRANDS)}")


@pytest.fixture(scope="module")
def lasting(shared_app: Outreach) -> BrandRef:
    """One brand for all that hypothesis tries; each trial is undone."""
    return b.a_brand(shared_app, "records-lasting")
