"""Which vendors have a stand-in?"""

from collections.abc import Mapping

from outreach.standins.vendors import line, twilio, webhook, whatsapp
from outreach.standins.vendors.imitated import Imitated

IMITATED: Mapping[str, Imitated] = {
    "line": line.IMITATED,
    "twilio": twilio.IMITATED,
    "webhook": webhook.IMITATED,
    "whatsapp": whatsapp.IMITATED,
}
