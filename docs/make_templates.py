# ruff: noqa: E501, INP001  # prose in a script beside the page that it writes
"""What may a template name, and what is it held to? Writes docs/templates.md from the rules' data.

Run it after a change of `outreach/templates/rules`: `.venv/bin/python docs/make_templates.py`.
"""

from collections.abc import Iterator
from pathlib import Path

from outreach.templates import fields, lint_rules

PAGE = Path(__file__).with_name("templates.md")

OPENING = """\
# Templates

A template is one thing to say, worded for each locale and channel. `outreach templates schema`
prints its JSON Schema, `outreach templates new` begins one from the library.
This page is made from the rules' data by `docs/make_templates.py`.

```yaml
key: warranty-ending
purpose: service
texts:
  en:
    email:
      subject: "Your warranty ends soon"
      preheader: "What to look at before then"
      html: |
        <p>Hello {{ person.first_name | default('again', true) }},</p>
        <p>The warranty of {{ event.data.product | default('your product', true) }} ends soon.</p>
        <p><a href="{{ links.unsubscribe }}">No more of these notes</a></p>
```

| A wording may hold | It is |
|---|---|
| `text` | what the person reads; a mail's is made from its page where it is missing |
| `subject`, `preheader` | a mail's subject, and the line that mailboxes show beside it |
| `html` or `mjml` | the page of a mail; styles are inlined, and nothing it names is ever fetched |
| `script` | a call: `opening`, `questions` with `required` and `answers`, `unwelcome`, `closing` |
| `code`, `params` | the code under which a gateway approved the text, and what fills its holes |

An answer in a script may `say` something and lead on by `then`: to the `key` of a question, or to `end`.

The language is Jinja's with little left of it: names, `if`, one `for` over a list, comparisons, and the
filters `capitalize default first join last length lower title trim upper`. A hole without a value is an
error and never an empty greeting: give what does not always come a `default`. A text that is previewed is
filled in a process of its own, with a second of processor time and 512 MiB of memory.

## SMS

160 septets of GSM-7, or 153 in each part of several; 70 and 67 units of UCS-2 as soon as one sign is
outside GSM-7. A sign of the extension table takes two septets, an emoji two units or more, and neither is
ever cut in two. Chinese carriers count 70 and 67 signs whatever the alphabet, with the signature and the
opt-out line. `outreach templates segments` counts and adds up.

## What is put around a text

A mail gets the brand's header above it, footer and legal line below it, on its page and in its plain text.
A text message gets who writes before it and how to refuse behind it, where the person's country wants that:
see *Put there* below. What a text says by itself is not said again, and a text with a `code` stays as it was
approved. Where a rule has no words of its own, since it needs a number, the brand writes them as `opt_out`.
What is put there counts into the parts of an SMS and stands in a preview; lint takes it as said once it knows
the brand (`--brand-file`).
"""


def page() -> str:
    """The whole page."""
    parts = [OPENING, *_names(), *_events(), *_duties(), *_words()]
    return "\n".join(parts) + "\n"


def _names() -> Iterator[str]:
    yield "## Names\n\n| Name | It holds | Always there |\n|---|---|---|"
    for name, field in fields.reference().names.items():
        yield f"| `{name}` | {field.says} | {'yes' if field.always else 'no'} |"


def _events() -> Iterator[str]:
    yield "\n## What events bring\n\nBelow `event.data.`; an event may bring more, under any name.\n"
    yield "| Type | Always | Perhaps |\n|---|---|---|"
    for kind, names in fields.reference().events.items():
        always = ", ".join(name for name, there in names.items() if there)
        perhaps = ", ".join(name for name, there in names.items() if not there)
        yield f"| `{kind}` | {always} | {perhaps} |"
    yield "\n| Name | It holds |\n|---|---|"
    for name, field in fields.reference().data.items():
        yield f"| `event.data.{name}` | {field.says} |"


def _duties() -> Iterator[str]:
    yield "\n## What a text must carry\n\nEngineering reference, not legal advice.\n"
    yield "| Code | Where | What | Weight | By | Put there | Source |\n|---|---|---|---|---|---|---|"
    for duty in lint_rules.duties().duties:
        where = "everywhere" if duty.countries == ("*",) else ", ".join(duty.countries)
        place = f"{where}: {', '.join(duty.channels)}, {', '.join(duty.purposes)}"
        what = duty.sentence.replace("|", "\\|")
        weight = f"{duty.severity} | {duty.basis} | {_put(duty)}"
        yield f"| `{duty.id}` | {place} | {what} | {weight} | {duty.source} |"


def _put(duty: lint_rules.Duty) -> str:
    """What stands there if the text does not say it."""
    words = ", ".join(f"`{one.strip()}`" for one in duty.words.values())
    return words or (f"the brand's `{duty.adds}`" if duty.adds else "")


def _words() -> Iterator[str]:
    yield "\n## What it must not say\n\nThe phrases stand in `outreach/templates/rules/phrases.yaml`.\n"
    yield "| Code | In | A phrase of it | Weight | Source |\n|---|---|---|---|---|"
    for group in lint_rules.words().groups:
        place = ", ".join(group.purposes)
        yield f"| `{group.id}` | {place} | {group.sentence} | {group.severity} | {group.source} |"
    tracking = lint_rules.words().tracking
    what = "traces whoever reads it, unless the brand's profile says `traced: true`"
    yield f"| `tracking-link` | all | {what} | error | {tracking.source} |"
    yield from CLOSING


CLOSING = """
Beside these: `locale-missing`, `channel-missing`, `untranslated`, `missing-value`, `long-sms`, `wide-sms`.
A review link behind an `if` on a score is `review-gating` too.

## How a brand speaks

In the brand's file, under `profile`; each is a warning (`voice-word`, `voice-address`, `voice-sign-off`,
`voice-exclamation`, `voice-emoji`).

```yaml
voice:
  avoid:
    - {phrase: cheap, rather: affordable}
  address: formal
  sign_off: {en: "Yours, the kettle people"}
  exclamation_marks: 0
  emoji: false
blocks:
  en: {header: Lumen, footer: "Lumen, since 1999", legal: "Lumen Ltd, 1 Sample Road, Exampleton"}
  fr: {opt_out: STOP au 36111}
  zh-CN: {signature: 明灯, opt_out: 拒收请回复R, channels: {chat: {footer: 明灯客户关怀}}}
```

`address` is `formal` or `familiar` and known for German, Spanish, French and Chinese. `blocks` are
the lines of the brand by locale: what `brand.header`, `brand.footer`, `brand.legal` and `brand.signature`
print, and what is put around texts. `channels` names what reads otherwise on one channel. Traditional Chinese
without lines of its own has those of zh-CN; header, footer and legal line fall back on the brand's own locale,
signature and way to refuse on no other language, and nothing ever on another brand's.

A text is picked in the person's own locale (`zh-TW`), its language (`zh`), then a neighbour (`zh-CN` for
Chinese) or what the profile's `fallbacks` name in its place, such as `{zh-TW: [zh-CN, en]}` for a locale or
`{pt: [es]}` for a language; at last in the brand's own. Only the template at hand is asked.""".splitlines()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
