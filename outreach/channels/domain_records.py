"""What does the DNS say about a domain that sends mail?"""

from collections.abc import Callable, Sequence

import dns.resolver
from dns.exception import DNSException
from dns.rdtypes.ANY.TXT import TXT

from outreach.channels.sender_domain import Records
from outreach.errors import Trouble

_WITHIN = 3.0  # seconds for one question, however often it is asked

# The texts of a name; none where there is no such name, or no text.
Texts = Callable[[str], Sequence[str]]


def texts(name: str) -> list[str]:
    """The TXT records of this name, each in one piece. Raises `Trouble` if nobody can be asked."""
    try:
        found = dns.resolver.resolve(name, "TXT", lifetime=_WITHIN, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except DNSException as error:
        raise Trouble(f"the DNS cannot be asked for {name}: {error}") from error
    answers = (one for one in found if isinstance(one, TXT))
    return [b"".join(one.strings).decode("utf-8", "replace") for one in answers]


def gather(
    domain: str, *, envelope: str, selectors: Sequence[str], texts: Texts = texts
) -> Records:
    """All that `sender_domain` judges. Raises `Trouble` if the DNS cannot be asked."""
    return Records(
        domain,
        envelope,
        spf=texts(envelope),
        dmarc=_dmarc(domain, texts),
        dkim={selector: texts(f"{selector}._domainkey.{domain}") for selector in selectors},
    )


def _dmarc(domain: str, texts: Texts) -> Sequence[str]:
    """The policy of the domain, or of the nearest one above it that has one."""
    labels = domain.split(".")
    above = (".".join(labels[at:]) for at in range(max(1, len(labels) - 1)))
    return next((found for name in above if (found := texts(f"_dmarc.{name}"))), ())
