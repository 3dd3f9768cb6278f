"""Into whose hands did a parcel come?

Carriers say *signed for* (签收) of the person's own hand, of a locker and of the porter alike; what
tells them apart is a code, or the words beside it.
Source: the state codes of Kuaidi100 (301 and 304) and Kdniao (304 and 311), and the wording of
Chinese carriers' last lines.
"""

from outreach.records.values import Data, text

HANDED_OVER, LOCKER, GATEKEEPER, UNKNOWN = "handed_over", "locker", "gatekeeper", "unknown"
QUALITIES = (HANDED_OVER, LOCKER, GATEKEEPER, UNKNOWN)

_CODES = {"301": HANDED_OVER, "304": LOCKER, "311": LOCKER, "person": HANDED_OVER}
# The first that is found decides: a porter who puts it into a locker has put it into a locker, and
# "not in person" holds the words "in person".
_WORDS = (
    (UNKNOWN, ("非本人", "不是本人", "not in person", "not the recipient")),
    (LOCKER, ("快递柜", "智能柜", "自提柜", "丰巢", "驿站", "自提点", "代收点", "菜鸟", "便利店")),
    (LOCKER, ("locker", "pick-up", "pickup", "parcel shop", "post office")),
    (GATEKEEPER, ("门卫", "前台", "保安", "物业", "传达室", "收发室", "门房")),
    (GATEKEEPER, ("gatekeeper", "porter", "concierge", "reception", "front desk", "doorman")),
    (HANDED_OVER, ("本人", "in person", "handed to", "recipient", "addressee")),
)


def quality_of(data: Data) -> str | None:
    """One of `QUALITIES`, of what `quality`, `signed_by` or `status` says; `None` of silence."""
    said = [told for name in ("quality", "signed_by", "status") if (told := text(data, name))]
    if not said:
        return None
    read = (_read(told.lower()) for told in said)
    return next((found for found in read if found != UNKNOWN), UNKNOWN)


def _read(said: str) -> str:
    if said in QUALITIES:
        return said
    if said in _CODES:
        return _CODES[said]
    return next((kind for kind, words in _WORDS if any(word in said for word in words)), UNKNOWN)
