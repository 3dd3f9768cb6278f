"""What does a mail of the bench say?  Two kilobytes of page and as much in plain words as usual.

Ours and the floors fill the same holes of the same text; only the names of the holes differ in how
they are reached.
"""

import textwrap

SUBJECT = "How to care for {{ event.data.product }}"
TEXT = """\
Hello {{ person.name }},

your {{ event.data.product }} of order {{ event.data.order }} has arrived. In the parcel there are:
{% for line in event.data.lines %}
- {{ line.title }}, {{ line.quantity }} at {{ line.price }}
{% endfor %}
Ask us whenever something is unclear: {{ brand.support }}
No more of these: {{ links.unsubscribe }}
"""
_ROW = (
    '<tr style="border-top:1px solid #dddddd"><td style="padding:8px;font-size:14px">{{ line.title '
    '}}</td><td style="padding:8px;text-align:right">{{ line.quantity }}</td><td style="padding:8px'
    ';text-align:right">{{ line.price }}</td></tr>'
)
_ADVICE = (
    "Rinse the tank before the first use and once a week from then on; lukewarm water is enough. "
    "Leave the lid open until everything is dry, and keep the cable away from the base. "
)
HTML = f"""\
<html><body style="margin:0;background:#f4f4f4;font-family:Helvetica,Arial,sans-serif">
<table width="600" align="center" cellpadding="0" cellspacing="0" style="background:#ffffff">
<tr><td style="padding:24px;font-size:22px;color:#222222">Hello {{{{ person.name }}}},</td></tr>
<tr><td style="padding:0 24px;font-size:15px;line-height:22px">your {{{{ event.data.product }}}} of
order {{{{ event.data.order }}}} has arrived. {_ADVICE * 3}</td></tr>
<tr><td style="padding:24px"><table width="100%" cellpadding="0" cellspacing="0">
{{% for line in event.data.lines %}}
{_ROW}
{{% endfor %}}
</table></td></tr>
<tr><td style="padding:0 24px 24px;font-size:15px;line-height:22px">Ask us whenever something is
unclear: {{{{ brand.support }}}}</td></tr>
<tr><td style="padding:24px;font-size:12px;color:#888888">You get this because something of yours
has arrived. <a href="{{{{ links.unsubscribe }}}}">No more of these</a></td></tr>
</table></body></html>
"""
TEMPLATE = f"""\
key: care
purpose: service
texts:
  en:
    email:
      subject: "{SUBJECT}"
      text: |
{textwrap.indent(TEXT, " " * 8)}
      html: |
{textwrap.indent(HTML, " " * 8)}
"""


def data(number: int) -> dict[str, object]:
    """What the event of the parcel of this number tells."""
    lines = [
        {"title": f"Lumen part {number % 7 + n}", "quantity": n + 1, "price": f"{9 + n}.90"}
        for n in range(3)
    ]
    return {
        "parcel": f"P-{number}", "order": f"O-{number}", "product": "Lumen One", "lines": lines,
    }  # fmt: skip
