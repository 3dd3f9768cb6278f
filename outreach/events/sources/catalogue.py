"""Which kinds of source are there?"""

from collections.abc import Mapping

from outreach.events.sources import (
    aftership,
    chatwoot,
    douyin,
    easypost,
    generic,
    helpdesk,
    kdniao,
    kuaidi100,
    reviews,
    shippo,
    shopify,
    stripe,
    taobao,
    track17,
    wechat_shop,
    woocommerce,
    youzan,
    zendesk,
)
from outreach.events.sources.protocol import Source

_EVERY = (
    generic.SOURCE, shopify.SOURCE, woocommerce.SOURCE, stripe.SOURCE, kuaidi100.SOURCE,
    kdniao.SOURCE, aftership.SOURCE, easypost.SOURCE, shippo.SOURCE, track17.SOURCE, youzan.SOURCE,
    douyin.SOURCE, wechat_shop.SOURCE, taobao.SOURCE, zendesk.SOURCE, helpdesk.FRESHDESK,
    chatwoot.SOURCE, helpdesk.HELPDESK, reviews.SOURCE,
)  # fmt: skip
SOURCES: Mapping[str, Source] = {source.kind: source for source in _EVERY}
