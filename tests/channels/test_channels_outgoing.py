"""Does everything that connects to a host which a customer may name go through the guard?"""

import re
from pathlib import Path

import outreach

ROOM = Path(outreach.__path__[0])
CONNECTS = re.compile(
    r"\b(posting\.endpoint|endpoint|create_connection|HTTPS?Connection|urlopen|IMAP4(?:_SSL)?"
    r"|SMTP(?:_SSL)?|getaddrinfo|Apprise|resolver\.resolve)\("
)

# Where connections begin, and why no customer leads them where they should not go.
KNOWN = {
    "access/oidc_talk.py": "the issuer that the settings name",
    "callbacks/mirrors/catalogue.py": "reads a URL alone; `showing` calls it through the guard",
    "callbacks/mirrors/showing.py": "guarded",
    "channels/domain_records.py": "asks the name server alone",
    "channels/fetching.py": "guarded, but for the host of the installation's own account",
    "channels/guard.py": "the guard",
    "channels/http_way.py": "guarded where the account is a brand's or names any host",
    "channels/long_tail.py": "the installation's alone: `opening` refuses it to a brand",
    "channels/opening.py": "opens `long_tail` for the installation alone",
    "channels/posting.py": "guarded where its endpoint has a guard",
    "channels/smtp.py": "a relay that the settings name: `own` refuses one to a brand",
    "channels/sms.py": "a gateway that the settings name: `own` refuses one to a brand",
    "demo/shop.py": "the demo's own server",
    "inbound/mailbox.py": "the mailbox that the settings name",
    "notices/robots.py": "reads a URL of the settings alone",
    "notices/telling.py": "a chat that the settings name",
}


def test_wherever_a_connection_begins_it_is_known_who_names_the_host() -> None:
    """One more place is a line more here, with the reason why it needs no guard."""
    found = {
        str(path.relative_to(ROOM))
        for path in ROOM.rglob("*.py")
        if path.parts[len(ROOM.parts)] != "standins" and CONNECTS.search(path.read_text("utf-8"))
    }
    assert found == KNOWN.keys()
