# ruff: noqa: INP001, E501  # a script beside the pages that it writes, as wide as they are
"""Which keys may a campaign have? Writes docs/campaigns.md and the library's schema.

`python docs/make_campaigns.py`; it also sees to the line for editors in each file of the library.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from outreach.campaigns import catalogue, document, operators, starting

DOCS = Path(__file__).parent
PAGE = DOCS / "campaigns.md"
SCHEMA = DOCS.parent / "outreach" / "campaigns" / "library" / starting.SCHEMA_FILE

# An example of every key, as it stands in the document. A test reads each within a campaign.
EXAMPLES: Mapping[str, str] = {
    "Campaign.key": "key: getting-started",
    "Campaign.name": "name:\n  en: Getting started\n  zh-CN: 使用教程",
    "Campaign.purpose": "purpose: service",
    "Campaign.trigger": "trigger:\n  event: parcel.delivered",
    "Campaign.steps": (
        "steps:\n  - key: lesson-1\n    channels: [email, sms]\n    template: usage-tutorial-1"
    ),
    "Campaign.exits": "exits:\n  - event: order.refunded\n    same: order",
    "Campaign.priority": "priority: 70",
    "Campaign.value": "value: 2.50",
    "Campaign.holdout": "holdout: 0.05",
    "Campaign.caps": "caps:\n  - {max: 2, per: 30 d}",
    "Campaign.pilot": 'pilot:\n  share: 0.1\n  until: "2026-09-01T00:00:00+02:00"',
    "Campaign.ramp": "ramp:\n  first: 20\n  then: 0.05",
    "EventTrigger.event": "event: parcel.delivered",
    "EventTrigger.condition": (
        "condition:\n  field: event.data.total\n  operator: at_least\n  value: 50"
    ),
    "EventTrigger.quiet_for": "event: cart.updated\nquiet_for: 3 h",
    "EventTrigger.unless": "event: cart.updated\nquiet_for: 3 h\nunless: [order.placed, order.paid]",
    "EventTrigger.once_per": "once_per: order",
    "EventTrigger.again_after": "again_after: 90 d",
    "DateTrigger.date": "date: contract.ends_on",
    "DateTrigger.offset": "date: contract.ends_on\noffset: -30 d",
    "DateTrigger.at": 'date: person.birthday\nat: "10:00"',
    "DateTrigger.yearly": "date: person.dates.wedding\nyearly: true",
    "DateTrigger.condition": (
        "date: contract.ends_on\ncondition: {field: event.data.tier, operator: is, value: vip}"
    ),
    "DateTrigger.once_per": "date: person.birthday\nonce_per: person",
    "HolidayTrigger.holiday": "holiday: mid_autumn",
    "HolidayTrigger.offset": "holiday: spring_festival\noffset: -1 d",
    "HolidayTrigger.at": 'holiday: diwali\nat: "10:00"',
    "HolidayTrigger.otherwise": "holiday: christmas\notherwise: skip",
    "HolidayTrigger.observed_by": (
        "holiday: spring_festival\n"
        "observed_by: {field: person.locale, operator: in, value: [zh-CN, zh-TW]}"
    ),
    "HolidayTrigger.once_per": "holiday: new_year\nonce_per: person",
    "AudienceTrigger.audience": "audience: all",
    "AudienceTrigger.at": "audience: all\nat: 2026-12-01T10:00",
    "RecurringTrigger.audience": (
        "audience: {field: person.country, operator: is, value: CN}\nevery: day"
    ),
    "RecurringTrigger.every": "audience: all\nevery: month\non: 31",
    "RecurringTrigger.at": 'every: day\nat: "09:30"',
    "RecurringTrigger.on": "every: week\non: [tuesday, friday]",
    "RecurringTrigger.once_per": "every: day\nonce_per: person",
    "RecurringTrigger.again_after": "every: day\nagain_after: 180 d",
    "Step.key": "key: lesson-1",
    "Step.channels": "channels: [sms, email]",
    "Step.template": "template: usage-tutorial-1",
    "Step.kind": "kind: callback\nchannels: [voice]",
    "Step.purpose": "purpose: survey",
    "Step.after": "after: 7 d",
    "Step.at": 'at: "10:00"',
    "Step.useful_for": "useful_for: 5 d",
    "Step.condition": "condition:\n  field: person.country\n  operator: is\n  value: CN",
    "Step.within_hours": "within_hours: true",
    "Step.survey": "kind: survey\nsurvey: nps",
    "Step.from": "from: previous",
    "Step.not_on": "not_on: [sunday, holiday]",
    "Step.late": "late: drop",
    "Wait.key": "key: answer",
    "Wait.kind": "kind: wait",
    "Wait.until": "until:\n  event: survey.answered\n  same: order",
    "Wait.at_most": "at_most: 7 d",
    "Awaited.event": "event: survey.answered",
    "Awaited.condition": "condition: {field: event.data.score, operator: at_least, value: 9}",
    "Awaited.same": "same: parcel",
    "Branch.key": "key: how-was-it",
    "Branch.kind": "kind: branch",
    "Branch.ways": (
        "ways:\n"
        "  - when: {field: event.data.score, operator: at_most, value: 6}\n"
        "    steps:\n"
        "      - {key: call, kind: callback, channels: [voice], template: detractor-call}\n"
        "  - when: {field: event.data.score, operator: at_most, value: 8}\n"
        "    goto: last"
    ),
    "Branch.else": (
        "else:\n  steps:\n    - {key: invite, channels: [email], template: review-invitation}"
    ),
    "Branch.about": "about: wait",
    "Way.when": "when: {field: event.data.score, operator: at_most, value: 6}",
    "Way.steps": "steps:\n  - {key: call, kind: callback, channels: [voice], template: detractor-call}",
    "Way.goto": "goto: last",
    "Else.steps": "steps:\n  - {key: invite, channels: [email], template: review-invitation}",
    "Else.goto": "goto: last",
    "Split.key": "key: long-or-short",
    "Split.kind": "kind: split",
    "Split.arms": (
        "arms:\n"
        "  - key: short\n"
        "    share: 0.5\n"
        "    steps: [{key: tip, channels: [sms], template: usage-tutorial-2}]\n"
        "  - key: long\n"
        "    share: 0.5\n"
        "    steps: [{key: lesson, channels: [email], template: usage-tutorial-1}]"
    ),
    "Arm.key": "key: short",
    "Arm.share": "share: 0.5",
    "Arm.steps": "steps: [{key: tip, channels: [sms], template: usage-tutorial-2}]",
    "Exit.event": "event: withdrawn",
    "Exit.same": "same: order",
    "Exit.condition": "condition: {field: event.data.reason, operator: is_not, value: exchange}",
    "CampaignCap.max": "max: 2",
    "CampaignCap.per": "per: 30 d",
    "Pilot.share": "share: 0.1",
    "Pilot.until": 'until: "2026-09-01T00:00:00+02:00"',
    "Ramp.first": "first: 20",
    "Ramp.then": "then: 0.05",
    "All.all": (
        "all:\n"
        "  - {field: event.data.tier, operator: is, value: vip}\n"
        "  - {field: person.country, operator: is, value: US}"
    ),
    "AnyOf.any": (
        "any:\n"
        "  - {field: event.data.total, operator: at_least, value: 50}\n"
        "  - {field: event.data.tier, operator: is, value: vip}"
    ),
    "Not.not": "not: {field: event.data.quality, operator: is, value: locker}",
    "Cel.cel": "cel: event.data.total > 50.0 && person.country == 'US'",
    "Clause.field": "field: event.data.total",
    "Clause.operator": "operator: at_least",
    "Clause.value": "value: 50",
    "Tally.count": "count: answers",
    "Tally.sum": "sum: events.data.total",
    "Tally.first": "first: answers.score",
    "Tally.last": "last: answers.score",
    "Tally.days_since": "days_since: touches.at",
    "Tally.days_until": "days_until: person.birthday",
    "Tally.within": "count: touches\nwithin: 90 d",
    "Tally.where": ("count: events\nwhere: {field: events.type, operator: is, value: order.paid}"),
    "Tally.operator": "operator: at_least",
    "Tally.value": "value: 2",
}

# Conditions that the page shows; a test reads each.
CONDITIONS: Mapping[str, str] = {
    "order": "{field: order.total, operator: at_least, value: 50}",
    "contract": "{days_until: contract.ends_on, operator: at_most, value: 30}",
    "others": (
        "all:\n"
        "  - {field: product.category, operator: is, value: lamp}\n"
        "  - {field: parcel.carrier, operator: in, value: [DHL, SF]}\n"
        "  - {field: case.state, operator: is, value: closed}"
    ),
    "birthday": (
        "all:\n"
        "  - {days_until: person.birthday, operator: at_most, value: 7}\n"
        "  - {field: person.birthday, operator: before, value: 2008-01-01}"
    ),
    "dates": "{days_since: person.dates.wedding, operator: at_least, value: 365}",
}

_BEFORE = """\
# The campaign document

Every key that a campaign may have, with an example. This page is made by `docs/make_campaigns.py` from
the shapes in `outreach/campaigns`; a test fails when it is stale, and reads every example.

[Your first campaign](first-campaign.md) begins with one of the library. An editor that knows the
YAML language server completes keys and underlines mistakes, when the first line of the file says

```yaml
# yaml-language-server: $schema=campaign.schema.json
```

and `outreach campaigns schema > campaign.schema.json` has written that file beside it (`outreach
campaigns new -o FILE` does both). `outreach campaigns validate` says everything that is wrong, each
mistake with its line.

Durations are elapsed time: `30 min`, `2 h`, `7 d`, `1 d 12 h`, or ISO 8601 (`PT2H`). A day is 24 hours;
months are refused, since nobody can say how long they are. Times of day are those on the person's
clocks. Write them in quotes.

## How a passage goes on

Steps are passed in the order in which they are written. A message, a survey or a callback is planned at
once, for the instant at which it is due. A `wait` stops there: what stands behind it is planned when its
event has come or its time is over, by whichever worker looks first, and once. An event counts from the
beginning of the passage or the wait before, even if it was reported before the passage began. A `branch`
takes the first way whose condition holds at the instant at which the passage comes there, a `split` parts
people by a hash of brand, campaign, split and person, so that nobody changes arms while texts are edited.
The steps inside come first, then those behind. Nothing leads back.

## What starts a passage

A trigger is one of five, and its first words say which:

- **An event** (`event`): something that happens to a person. With `quiet_for` the passage begins when
  nothing more of the kind has happened to the same basket, parcel or case for so long: each such event sets
  the clock anew, by when it happened and not by when it was reported, and an event of `unless` calls it
  off. One that names another basket does not, and one that names none does. The steps count from when it
  was quiet. A campaign that is paused finishes the clocks that it has set, and what it says then is held.
- **A date** (`date`): a day of the person's own. Persons bring their birthday and other days along; events
  name the ends of contracts, warranties and trials. `offset` says when the passage begins, and the steps
  count from there: 30 days, 7 days and one day before are `offset: -30 d` and steps `after: 0 d`, `23 d`
  and `29 d`. A day that becomes known late begins at once, and steps whose last useful moment has passed
  are skipped as too late. A day that is moved or taken back cancels what is not sent, with the reason
  `date_changed`; the same day begins no second passage. 29 February is kept on the 28th in other years.
- **A holiday** (`holiday`): a festival on the day on which the person's own place keeps it. Whoever lives
  where it is not kept is no candidate, unless `observed_by` says that they keep it: then the day is that of
  the festival's home. Of whom no place is known is declined as `place_unknown`.
- **An audience at an instant** (`audience` and `at`): everybody, or those of whom a condition holds.
- **A recurring audience** (`audience` and `every`): the same again each day, week or month.

`once_per` and `again_after` say whether a person may pass again: once for each event or occasion, once for
each order, parcel, contract or basket, once in a lifetime; and never nearer than so long to another passage
of the campaign, counted from event to event. Who comes too early is declined as `too_soon`.

The last four are planned from an hour before the day or time begins in the first place on Earth, person by
person. Whoever comes to be known after that waits for the next time; days of their own are found at once.
A wall time that a clock change leaves out is met as much later, one that comes twice the first time.
"""
_AFTER = """
## What a condition may ask for

`data` stands for what the brand's own systems reported: any name may follow it, and any operator.
Everything else has a sort, which says what operators fit; what is unknown or does not fit is refused when
the document is read.

| Field | Sort |
|---|---|
{fields}

`events`, `answers` and the like are sources of a person's history. Their fields stand in the `where` of a
tally, and behind `sum`, `first`, `last`, `days_since` and `days_until`. `at` is when it happened: `within`
goes by it, and what is still to come does not count. `last_touch` and `last_answer` are the newest of
theirs. Days are whole ones of 24 hours.

### The order, the parcel, the product, the contract, the case

`order`, `parcel`, `product`, `contract` and `case` are what is on record of the one that the event names in
its data; a parcel has its order too, also when the carrier did not say which. They may be asked wherever
there is an event: in the trigger, in steps, branches, waits and exits, where the exit's own event names
them. Money is in units of its currency, and is missing where no currency is known.

```yaml
{example:order}
```

A contract that ends within a month, whichever event names it:

```yaml
{example:contract}
```

The product that was registered, the carrier that brought it, and the case that was closed:

```yaml
{example:others}
```

### Days of a person's own

`person.birthday` and `person.dates.NAME` are dates. They are held against others with `before` and `after`,
and `days_since` and `days_until` say how far away they are, by the calendar in UTC: on the day itself both
say 0. A birthday comes round each year, and so does a day that came without its year, which is therefore
before or after nothing. 29 February is kept on the 28th in other years.

```yaml
{example:birthday}
```

```yaml
{example:dates}
```

`days_since` and `days_until` work for every single date or instant, such as `order.paid_at`. Instants are
counted by 24 hours.

### Audiences

An audience is chosen in the database, with the same meaning. Fields of the event, of what it names, and
expressions (`cel`) cannot choose one: `last: orders.state` and `count: orders` ask the history instead.

## The life of a version

`draft → in_review → live → paused → ended`, with `finishing` for a version whose place a newer one has
taken ([words.md](words.md#states-of-a-campaigns-version)). A version that was live never changes:
another text is another version, and `outreach campaigns diff` says what is different.

- **Review and activation** ask whether the campaign fits its templates: each is imported, has a text for
  every channel of its step in the brand's language, and serves the step's purpose. A text for marketing
  is refused in a step of service; a text of service may stand in a step that has more permission.
- **Who is under way** finishes the version they began in. `activate --move` moves them instead: touches
  whose step is still there are planned anew, those whose step is gone are cancelled as `moved`, and a
  step that is new is planned if its instant is still ahead. Waits that are over stay over. Whoever the
  new version would not take in is let go.
- **Pausing** holds all versions, and says how many touches wait and how many a provider already has.
  **Resuming** drops at once what is past its last useful moment.
- **Ending** ends every passage and cancels what is planned. Nothing comes back from it.
- **A careful start** (`ramp`): the first few passages of a version wait with the reason
  `awaiting_glance`, and nobody else is taken in. The first `release` lets them go and takes in a share,
  the second everybody. They wait from the plan on and not at the gate, since which passages are the first
  is a question about all of them when they begin.
"""


def page() -> str:
    """The whole page."""
    sections = (_section(name, shape) for name, shape in shapes().items())
    after = _AFTER.replace("{fields}", "\n".join(_fields()))
    for name, example in CONDITIONS.items():
        after = after.replace(f"{{example:{name}}}", example)
    return _BEFORE + "".join(sections) + after


def _fields() -> Iterator[str]:
    """A row of the table for each field, by its root."""
    for root, names in (catalogue.roots() | dict(catalogue.SOURCES)).items():
        for name, sort in names.items():
            open_ended = name == catalogue.FREE or (root, name) == ("person", catalogue.DATES)
            path = f"{root}.{name}.…" if open_ended else f"{root}.{name}"
            yield f"| `{path}` | {operators.ARTICLES[sort]} |"


def shapes() -> dict[str, Mapping[str, Any]]:
    """Everything with keys that may stand in a document, by its name in the schema."""
    schema = document.schema()
    known = {"Campaign": schema} | schema["$defs"]
    order = sorted(known, key=_place)
    return {name: known[name] for name in order if known[name].get("properties")}


def _place(name: str) -> int:
    """Where its section stands: in the order of the examples, and what is new at the end."""
    named = [key.partition(".")[0] for key in EXAMPLES]
    return named.index(name) if name in named else len(named)


def _section(name: str, shape: Mapping[str, Any]) -> str:
    about = " ".join(str(shape.get("description", "")).split())
    keys = "".join(_key(name, key, one, shape) for key, one in shape["properties"].items())
    return f"\n## {name}\n\n{about}\n{keys}"


def _key(name: str, key: str, one: Mapping[str, Any], shape: Mapping[str, Any]) -> str:
    told = (_about(one), *_choices(one), *_default(key, one, shape))
    lines = [f"\n### `{key}`\n", " ".join(sentence for sentence in told if sentence), ""]
    if example := EXAMPLES.get(f"{name}.{key}"):
        lines += ["```yaml", example, "```", ""]
    return "\n".join(lines)


def _about(one: Mapping[str, Any]) -> str:
    """What it is for: its own words, or those of what stands there."""
    return " ".join(str(one.get("description") or _named(one).get("description", "")).split())


def _choices(one: Mapping[str, Any]) -> Iterator[str]:
    if words := one.get("enum") or _named(one).get("enum"):
        yield f"One of {', '.join(f'`{word}`' for word in words)}."


def _named(one: Mapping[str, Any]) -> Mapping[str, Any]:
    """The part of the schema that this one refers to."""
    parts = (one, *one.get("anyOf", ()))
    name = next((part["$ref"].rpartition("/")[2] for part in parts if "$ref" in part), "")
    known: Mapping[str, Any] = document.schema()["$defs"].get(name, {})
    return known


def _default(key: str, one: Mapping[str, Any], shape: Mapping[str, Any]) -> Iterator[str]:
    if key in shape.get("required", ()):
        yield "It must be there."
    elif one.get("default") not in (None, [], {}, False):
        yield f"By default `{one['default']}`."


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    SCHEMA.write_text(starting.schema_file(), encoding="utf-8")
    for file in SCHEMA.parent.glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        if not text.startswith(starting.EDITOR_LINE):
            file.write_text(starting.with_editor_line(text), encoding="utf-8")
