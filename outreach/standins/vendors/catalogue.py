"""Which vendors have a stand-in?"""

from collections.abc import Mapping

from outreach.standins.vendors import twilio
from outreach.standins.vendors.imitated import Imitated

IMITATED: Mapping[str, Imitated] = {
    "twilio": twilio.IMITATED,
}
