"""Which kinds of systems can calls be shown in? One module each; another one is added here."""

from collections.abc import Mapping

from outreach.callbacks.mirrors import hubspot, webhook, zendesk
from outreach.callbacks.mirrors.protocol import Connected, Mirror
from outreach.channels import posting
from outreach.errors import Invalid, Misconfigured
from outreach.sentences import nearest

MIRRORS: Mapping[str, Mirror] = {
    one.name: one for one in (webhook.MIRROR, zendesk.MIRROR, hubspot.MIRROR)
}


def of(kind: str, settings: Mapping[str, str]) -> Mirror:
    """The mirror of this kind. Raises `Invalid` for another, and where a setting is missing."""
    if kind not in MIRRORS:
        raise Invalid(f"{kind!r} is no kind of mirror{nearest(kind, MIRRORS)}")
    found = MIRRORS[kind]
    if missing := [name for name in found.needs if not settings.get(name)]:
        said = " ".join(f"--setting {name}=…" for name in missing)
        raise Invalid(f"{kind} needs more: {said}")
    return found


def refuse_unusable(kind: str, connected: Connected) -> None:
    """Raises `Invalid` as `of` does, and where no request could be made with this URL or secret."""
    of(kind, connected.settings)
    try:
        posting.endpoint(connected.url)
    except (Misconfigured, ValueError) as error:
        raise Invalid("the URL of a mirror is https://, a host and a path: plain ASCII") from error
    texts = (connected.secret, *connected.settings.values())
    if not connected.secret or not all(one.isascii() and one.isprintable() for one in texts):
        raise Invalid("the secret and the settings of a mirror are printable and plain ASCII")
