"""Which kinds of source are there?"""

from collections.abc import Mapping

from outreach.events.sources import generic, shopify
from outreach.events.sources.protocol import Source

SOURCES: Mapping[str, Source] = {
    module.SOURCE.kind: module.SOURCE
    for module in (generic, shopify)
}
