"""Which vendors have a stand-in?"""

from collections.abc import Mapping

from outreach.standins.vendors import (
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
from outreach.standins.vendors.imitated import Imitated

IMITATED: Mapping[str, Imitated] = {
    "aliyun": aliyun.IMITATED,
    "gateway": gateway.IMITATED,
    "line": line.IMITATED,
    "mailgun": mailgun.IMITATED,
    "postmark": postmark.IMITATED,
    "resend": resend.IMITATED,
    "sendgrid": sendgrid.IMITATED,
    "ses": ses.IMITATED,
    "telnyx": telnyx.IMITATED,
    "tencent": tencent.IMITATED,
    "twilio": twilio.IMITATED,
    "webhook": webhook.IMITATED,
    "wecom": wecom.IMITATED,
    "whatsapp": whatsapp.IMITATED,
}
