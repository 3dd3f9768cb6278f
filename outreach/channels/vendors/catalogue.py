"""Which providers are there?"""

from collections.abc import Mapping

from outreach.channels.vendor import Vendor
from outreach.channels.vendors import twilio

_EVERY = (twilio.VENDOR,)
VENDORS: Mapping[str, Vendor] = {vendor.name: vendor for vendor in _EVERY}
