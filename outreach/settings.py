"""How is this installation configured?

`Settings.read(os.environ)` is called by the entry points and nowhere else. A brand's policy (caps,
windows, sender names) is data of that brand and not a setting.
"""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import Any, Literal

from outreach.errors import Misconfigured

PREFIX = "OUTREACH_"
_A_DAY = 86_400
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Secret(str):
    """A text that does not show itself in logs, errors or reprs."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret('*****')"


def _flag(text: str) -> bool:
    if text not in {"on", "off"}:
        raise ValueError("use `on` or `off`")
    return text == "on"


def _seconds(text: str) -> timedelta:
    if not 0 < (seconds := float(text)) <= _A_DAY:
        raise ValueError(f"use seconds above 0 and up to {_A_DAY}")
    return timedelta(seconds=seconds)


def _hours(text: str) -> timedelta:
    return timedelta(hours=_whole(1, 24 * 14)(text))


def _days(text: str) -> timedelta:
    return timedelta(days=_whole(400, 36_500)(text))


def _language(text: str) -> str:
    if text not in {"en", "zh-CN"}:
        raise ValueError("use `en` or `zh-CN`")
    return text


def _form(text: str) -> str:
    if text not in {"lines", "json"}:
        raise ValueError("use `lines` or `json`")
    return text


def _share(text: str) -> float:
    if not 0 < (share := float(text)) <= 1:
        raise ValueError("use a share above 0 and up to 1")
    return share


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not low <= (number := int(text)) <= high:
            raise ValueError(f"use a whole number from {low} to {high}")
        return number

    return parse


def _setting(default: Any, about: str, parse: Callable[[str], Any] = str) -> Any:
    return field(default=default, metadata={"about": about, "parse": parse})


def _url(default: str, about: str) -> Any:
    """An address that may hold a password, and does not show itself in a repr."""
    return field(default=default, repr=False, metadata={"about": about, "parse": str})


@dataclass(frozen=True, slots=True)
class Settings:
    """Every `OUTREACH_…` variable; `docs/settings.md` is made from the words beside each."""

    database_url: str = _url(
        "", "PostgreSQL 15 or newer, as the application's role (neither owner nor superuser)."
    )
    owner_database_url: str = _url(
        "", "The same database as its owner: used by `outreach migrate` alone."
    )
    redis_url: str = _url("", "Redis 7 or Valkey 8, without eviction: it carries wake-up hints.")
    secret_key: Secret = _setting(
        Secret(""), "At least 32 signs: signs links and keys the hashes of addresses.", Secret
    )
    former_secret_keys: Secret = _setting(
        Secret(""),
        "Secrets that were `secret_key` before, oldest first, with spaces between: old links and "
        "hashes of addresses hold on.",
        Secret,
    )
    master_key: Secret = _setting(
        Secret(""),
        "32 bytes in base64, `file:PATH` of them, or `command:PATH` of a program that prints "
        "them: seals secrets of others, and the data keys of personal data. Without it a key of "
        "`secret_key` does; one of its own may be kept where backups are not.",
        Secret,
    )
    former_master_keys: Secret = _setting(
        Secret(""),
        "Master keys that were in use before, with spaces between, until `outreach secrets seal` "
        "has sealed everything anew.",
        Secret,
    )
    public_url: str = _setting(
        "http://127.0.0.1:8000",
        "Where people reach this installation: the base of links in messages.",
    )
    email: str = _url(
        "console:",
        "How e-mail leaves: `smtp://…`, `smtps://…`, `console:`, or a provider "
        "(`docs/channels.md`).",
    )
    email_token: Secret = _setting(
        Secret(""), "Key of the mail provider, where it does not stand in the URL.", Secret
    )
    returns_address: str = _setting(
        "",
        "Where mail systems report what they could not deliver, such as `bounces@mail.example`: "
        "the envelope's sender, with a signed mark of each mail after a `+`. Empty: the sender's.",
    )
    returns_mailbox: str = _url(
        "", "The mailbox where those reports arrive, to be emptied: `imaps://user:password@host`."
    )
    dkim_selectors: str = _setting(
        "",
        "Under which selectors your mail is signed by DKIM, with spaces between: `outreach check` "
        "looks at their keys.",
    )
    sms: str = _url(
        "console:",
        "How SMS leave: `http(s)://…` of a gateway, `console:`, or a provider "
        "(`docs/channels.md`).",
    )
    sms_token: Secret = _setting(
        Secret(""), "Bearer token of the SMS gateway, or key of the provider.", Secret
    )
    chat: str = _url(
        "console:",
        "How chat messages leave: a provider (`docs/channels.md`), `assisted:` (agents copy them),"
        " `apprise:…`, or `console:`.",
    )
    chat_token: Secret = _setting(
        Secret(""), "Key of the chat provider, where it does not stand in the URL.", Secret
    )
    outgoing_allow: str = _setting(
        "",
        "Networks of your own that URLs which a customer enters may lead to, with spaces between, "
        "such as `10.1.2.0/24`; everything else outside the public internet is barred.",
    )
    clock: str = _setting(
        "system", "`system`, or `file:PATH` of a stepped clock (never in earnest)."
    )
    fallback: bool = _setting(
        True, "`on`: a worker that gets no message asks the table by itself.", _flag
    )
    tick: timedelta = _setting(
        timedelta(seconds=1),
        "Seconds between two looks of the ticker and of the fallback.",
        _seconds,
    )
    lease: timedelta = _setting(
        timedelta(seconds=60),
        "Seconds for which a claim is a worker's own; longer than `call`.",
        _seconds,
    )
    call: timedelta = _setting(
        timedelta(seconds=20),
        "Seconds a provider may take before the outcome is uncertain.",
        _seconds,
    )
    promotion: timedelta = _setting(
        timedelta(minutes=10),
        "Seconds that a promoted or restored database may lack: what was due in them is uncertain.",
        _seconds,
    )
    retention: timedelta = _setting(
        timedelta(days=1827),
        "Days, 400 or more, for which verdicts, attempts, receipts and agents' notes are kept. "
        "Five years are what 16 CFR 310.5 wants of calls to the United States.",
        _days,
    )
    alarm_behind: timedelta = _setting(
        timedelta(minutes=5),
        "Seconds that something due, or an unplanned event, may wait before it is an alarm.",
        _seconds,
    )
    alarm_stuck: timedelta = _setting(
        timedelta(minutes=2),
        "Seconds for which a lease may have run out before it is an alarm.",
        _seconds,
    )
    alarm_silence: timedelta = _setting(
        timedelta(hours=48),
        "Hours after which a source that used to report is silent.",
        _hours,
    )
    alarm_failing: float = _setting(
        0.5, "Share of calls that a provider may miss before it is an alarm.", _share
    )
    notices: str = _url(
        "", "Group chats of staff that are told of alarms, with spaces between (docs/operating.md)."
    )
    notices_language: Literal["en", "zh-CN"] = _setting(
        "en", "Language of alarms there: `en` or `zh-CN`.", _language
    )
    metrics_token: Secret = _setting(
        Secret(""),
        "Bearer token for `/metrics`, which tells of all brands; without one it is not served.",
        Secret,
    )
    traces: str = _url(
        "", "Where an OpenTelemetry collector takes spans, such as http://host:4318/v1/traces."
    )
    log: Literal["lines", "json"] = _setting(
        "lines", "How processes write their log: `lines` for people, `json` for collectors.", _form
    )
    audit_anchors: str = _setting(
        "",
        "File to which the ticker adds, each hour, where the record of changes ends: by it "
        "`outreach audit verify` finds records that were cut off. Best on another host's disk.",
    )
    oidc_issuer: str = _setting(
        "",
        "By which other system people may log in (OpenID Connect): its issuer, as it writes it. "
        "They are the users whose login is the mail address that it has verified.",
    )
    oidc_client: str = _setting("", "What that system calls this installation: its client id.")
    oidc_secret: Secret = _setting(Secret(""), "The secret of that client.", Secret)
    login_over_http: bool = _setting(
        False,
        "`on`: who logs in gets cookies that also travel over plain http. For a web process that "
        "listens on loopback; behind TLS leave it `off`.",
        _flag,
    )
    host: str = _setting("127.0.0.1", "Address that the web process listens on.")
    port: int = _setting(
        8000, "Port that the web process listens on; 0 takes a free one.", _whole(0, 65_535)
    )
    worker_processes: int = _setting(
        2, "Worker processes that the Procfile starts.", _whole(1, 256)
    )
    worker_threads: int = _setting(
        4,
        "Threads in each of them that one channel may hold; as many again are there for the "
        "others.",
        _whole(1, 256),
    )
    home: str = _setting("var", "Folder of the embedded servers' data.")

    def __post_init__(self) -> None:
        if self.login_over_http and self.host not in _LOOPBACK:
            raise Misconfigured(
                "OUTREACH_LOGIN_OVER_HTTP is for loopback alone, and OUTREACH_HOST is "
                f"{self.host!r}: put something with TLS in front of it, and turn this off"
            )
        if self.lease < self.call + timedelta(seconds=5):
            raise Misconfigured(
                "OUTREACH_LEASE must be at least 5 seconds longer than OUTREACH_CALL, "
                "or a touch could be given away while its call is in the air"
            )

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> "Settings":
        """Decode the environment. Raises `Misconfigured` naming the variable and the cure."""
        known = {PREFIX + f.name.upper(): f for f in fields(cls)}
        given = {name: text for name, text in environ.items() if name.startswith(PREFIX)}
        if stray := sorted(given.keys() - known.keys()):
            raise Misconfigured(_stray(stray[0], list(known)))
        return cls(**{known[name].name: _parsed(name, known, given[name]) for name in given})


def _stray(name: str, known: list[str]) -> str:
    # Without the prefix: it is what all of them have in common.
    bare = [other.removeprefix(PREFIX) for other in known]
    near = difflib.get_close_matches(name.removeprefix(PREFIX), bare, n=1)
    return f"{name} is not a setting" + (f"; did you mean {PREFIX}{near[0]}?" if near else "")


def _parsed(name: str, known: Mapping[str, Any], text: str) -> Any:
    try:
        return known[name].metadata["parse"](text)
    except ValueError as error:
        raise Misconfigured(f"{name} is {text!r}: {error}") from error
