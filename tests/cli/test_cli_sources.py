"""Can a platform be connected, tried out and watched from the command line?"""

from collections.abc import Callable
from pathlib import Path

import pytest

from outreach.app import Outreach
from outreach.events.sources import store
from tests import builders as b
from tests.cli.conftest import Run
from tests.sources.messages import BY_KIND
from tests.sources.test_sources_files import CHOSEN, LINES

SHOP = BY_KIND["shopify"]


@pytest.fixture
def shop(app: Outreach, run: Run) -> str:
    """The address of a connected shop."""
    b.a_brand(app)
    added = run(
        "sources", "add", "shop", "shopify", "-b", "lumen", "--secret", SHOP.secret, "--json"
    )
    return str(added.json["url"])


def test_a_platform_is_connected_by_pasting_a_secret(shop: str, run: Run) -> None:
    assert "/in/lumen." in shop
    (row,) = run("sources", "list", "-b", "lumen", "--json").json
    assert (row["source"], row["kind"], row["refused"]) == ("shop", "shopify", 0)


def test_secrets_are_not_listed(shop: str, run: Run) -> None:
    assert shop
    assert SHOP.secret not in run("sources", "list", "-b", "lumen", "--json").out


def test_a_generic_source_gets_a_secret(app: Outreach, run: Run) -> None:
    b.a_brand(app)
    told = run("sources", "add", "erp", "generic", "-b", "lumen", "--json").json
    assert told["secret"].startswith("whsec_")


def test_a_message_is_tried_out_and_not_kept(
    shop: str, run: Run, written: Callable[[str, str | bytes], Path]
) -> None:
    assert shop
    message = SHOP.message()
    headers = [f"{name}: {value}" for name, value in message.headers.items()]
    body = written("body.json", message.body)
    options = [word for header in headers for word in ("--header", header)]
    told = run("sources", "test", "shop", "-b", "lumen", "--body", body, *options, "--json")
    assert (told.code, told.json["signature"]) == (0, "good")
    assert [one["key"] for one in told.json["events"]] == list(SHOP.facts.values())
    (row,) = run("sources", "list", "-b", "lumen", "--json").json
    assert (row["taken"], row["waiting"]) == (0, 0)


def test_a_message_with_a_wrong_signature_is_told_apart(
    shop: str, run: Run, written: Callable[[str, str | bytes], Path]
) -> None:
    assert shop
    body = written("body.json", SHOP.body)
    topic = "X-Shopify-Topic: orders/paid"
    told = run("sources", "test", "shop", "-b", "lumen", "--body", body, "--header", topic)
    assert told.code == 1
    assert "wrong-signature" in told.err
    assert "order.paid" in told.out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("x", "shopifi"), "shopify"),
        (("x", "stripe"), "--secret"),
        (("x", "stripe", "--secret", "s", "--zone", "Mars/One"), "time zone"),
        (("shop", "stripe", "--secret", "s"), "already"),
    ],
)
def test_what_cannot_be_connected_says_why(
    shop: str, run: Run, words: tuple[str, ...], says: str
) -> None:
    assert shop
    told = run("sources", "add", *words, "-b", "lumen")
    assert told.code == 2
    assert says in told.err


def test_a_source_is_rotated_and_retired(shop: str, run: Run) -> None:
    assert shop
    assert run("sources", "rotate", "shop", "-b", "lumen", "--secret", "new").code == 0
    assert run("sources", "retire", "shop", "-b", "lumen").code == 0
    assert run("sources", "retire", "shop", "-b", "lumen").code == 2


def test_the_kinds_are_told(run: Run) -> None:
    kinds = {row["kind"] for row in run("sources", "kinds", "--json").json}
    assert {"generic", "shopify", "kuaidi100"} <= kinds


def test_columns_are_remembered(
    app: Outreach, run: Run,
    written: Callable[[str, str | bytes], Path],
) -> None:  # fmt: skip
    """The second file of one shape needs no words."""
    brand = b.a_brand(app)
    with app.means.database.begin(brand) as tx:
        store.add(
            tx, brand, key="export", kind="generic", secret="x", zone="Asia/Shanghai", test=False,
            sealing=app.sealing,
        )  # fmt: skip
    file = written("a.csv", LINES.encode("gbk"))
    words = [w for f, c in CHOSEN.columns.items() for w in ("--column", f"{f}={c}")]
    words += [w for f, c in CHOSEN.constants.items() for w in ("--given", f"{f}={c}")]
    first = run("sources", "import", "export", file, "-b", "lumen", *words, "--json")
    second = run("sources", "import", "export", file, "-b", "lumen", "--json")
    assert first.json["counts"] == {"accepted": 1, "already_seen": 1}
    assert second.json["counts"] == {"already_seen": 2}


def test_a_column_that_is_not_there_is_told_with_the_nearest(
    app: Outreach, run: Run,
    written: Callable[[str, str | bytes], Path],
) -> None:  # fmt: skip
    brand = b.a_brand(app)
    with app.means.database.begin(brand) as tx:
        store.add(
            tx,
            brand,
            key="export",
            kind="generic",
            secret="x",
            zone="UTC",
            test=False,
            sealing=app.sealing,
        )
    file = written("a.csv", "tracking,when\n1,2026-03-10\n")
    told = run(
        "sources", "import", "export", file, "-b", "lumen",
        "--column", "parcel=trackin", "--column", "time=when",
    )  # fmt: skip
    assert told.code == 2
    assert "tracking" in told.err
    assert "type" in told.err
