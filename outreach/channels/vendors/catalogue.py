"""Which providers are there?"""

from collections.abc import Mapping

from outreach.channels.vendor import Vendor
from outreach.channels.vendors import (
    aliyun,
    gateway,
    line,
    mailgun,
    postmark,
    resend,
    sendgrid,
    ses,
    telnyx,
    tencent,
    twilio,
    webhook,
    wecom,
    whatsapp,
)

_EVERY = (
    aliyun.VENDOR,
    gateway.VENDOR,
    line.VENDOR,
    mailgun.VENDOR,
    postmark.VENDOR,
    resend.VENDOR,
    sendgrid.VENDOR,
    ses.VENDOR,
    telnyx.VENDOR,
    tencent.VENDOR,
    twilio.VENDOR,
    webhook.VENDOR,
    wecom.VENDOR,
    whatsapp.VENDOR,
)
VENDORS: Mapping[str, Vendor] = {vendor.name: vendor for vendor in _EVERY}
