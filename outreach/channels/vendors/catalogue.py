"""Which providers are there?"""

from collections.abc import Mapping

from outreach.channels.vendor import Vendor
from outreach.channels.vendors import line, twilio, webhook, whatsapp

_EVERY = (line.VENDOR, twilio.VENDOR, webhook.VENDOR, whatsapp.VENDOR)
VENDORS: Mapping[str, Vendor] = {vendor.name: vendor for vendor in _EVERY}
