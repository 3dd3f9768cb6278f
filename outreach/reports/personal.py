"""What is kept of a person, all of it, for themselves?  (GDPR articles 15 and 20, PIPL 45)

Every row of every store that `people.stores` names, with what was said about contact with their
addresses and on which do-not-contact lists those stand. As values for machines, and as a page of
text for people. Addresses leave here as they are: the answer is for the person whose they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import Connection, text

from outreach import ids
from outreach.bilingual import Language
from outreach.db import personal
from outreach.db.engine import BrandRef
from outreach.db.tables import metadata
from outreach.dispatch.means import Means
from outreach.errors import NotFound
from outreach.people import store as people
from outreach.people.known_by import KNOWN_BY
from outreach.people.stores import STORES
from outreach.reports import consents

_LISTED = text(f"""
    select e.name, e.kind, e.as_of, e.channels, e.recorded_at, l.listed
    from optout.listings l join optout.editions e on e.id = l.edition
    where e.current and l.hash in (select k.hash from {KNOWN_BY} k where k.person_id = :person)
    order by e.name, e.id
""")
Row = Mapping[str, object]

_SEVERAL = "not handed out: this message is about other people too"
# Between a platform and us: signatures, and of some platforms the secret itself.
_ENVELOPE = frozenset({"headers", "query"})
_SAYS: Mapping[str, Mapping[Language, str]] = {
    "title": {"en": "What {brand} keeps of you", "zh-CN": "{brand} 保存的关于您的数据"},
    "at": {"en": "As of {at}", "zh-CN": "截至 {at}"},
    "none": {"en": "nothing", "zh-CN": "无"},
    "consents": {"en": "what was said about contact with you", "zh-CN": "您的联系意愿记录"},
    "lists": {
        "en": "do-not-contact lists you are on",
        "zh-CN": "含有您联系方式的勿扰名单",
    },
    "persons": {"en": "who you are to us", "zh-CN": "基本资料"},
    "contacts": {"en": "contacts that sister brands know of", "zh-CN": "集团内可见的联系记录"},
    "holds": {"en": "why sister brands spare you", "zh-CN": "集团内暂停联系"},
    "addresses": {"en": "how you are reached", "zh-CN": "联系方式"},
    "former_hashes": {
        "en": "addresses known by hashes under former secrets",
        "zh-CN": "以旧密钥哈希识别的联系方式",
    },
    "dates": {"en": "days of your own", "zh-CN": "您的重要日期"},
    "events": {"en": "what happened", "zh-CN": "发生过的事件"},
    "inbox": {"en": "messages about you, as they came", "zh-CN": "收到的原始消息"},
    "orders": {"en": "orders", "zh-CN": "订单"},
    "order_lines": {"en": "lines of orders", "zh-CN": "订单明细"},
    "parcels": {"en": "parcels", "zh-CN": "包裹"},
    "parcel_names": {"en": "names of parcels", "zh-CN": "包裹别名"},
    "registrations": {"en": "registered products", "zh-CN": "已注册产品"},
    "contracts": {"en": "contracts", "zh-CN": "合同"},
    "inquiries": {"en": "your last inquiry", "zh-CN": "最近一次咨询"},
    "deaths": {"en": "reports of a death", "zh-CN": "去世通报"},
    "cases": {"en": "cases", "zh-CN": "工单"},
    "case_work": {"en": "who works on cases", "zh-CN": "工单处理人"},
    "case_notes": {"en": "notes of cases", "zh-CN": "工单备注"},
    "replies": {"en": "what you wrote back", "zh-CN": "您的回复"},
    "reply_scores": {"en": "how well your replies were dealt with", "zh-CN": "回复质检"},
    "enrolments": {"en": "campaigns that looked at you", "zh-CN": "涉及您的活动"},
    "waits": {"en": "what campaigns wait for", "zh-CN": "活动的等待"},
    "touches": {"en": "planned contacts", "zh-CN": "计划的联系"},
    "verdicts": {"en": "whether a contact was allowed, and why", "zh-CN": "联系判定与原因"},
    "attempts": {"en": "attempts to reach you", "zh-CN": "联系尝试"},
    "receipts": {"en": "what providers told of messages", "zh-CN": "送达回执"},
    "settlements": {"en": "how doubts were settled", "zh-CN": "存疑记录的处理"},
    "unheard": {"en": "what providers said of your addresses", "zh-CN": "服务商对您地址的反馈"},
    "entrusted": {"en": "messages that somebody is to send you", "zh-CN": "待成员发送给您的消息"},
    "costs": {"en": "what messages cost", "zh-CN": "消息费用"},
    "legal_holds": {"en": "why your data may not go yet", "zh-CN": "暂停删除您数据的原因"},
    "pending_erasures": {"en": "your wish to be forgotten", "zh-CN": "您的删除请求"},
    "export_rows": {"en": "exports that you are in", "zh-CN": "包含您数据的导出"},
    "calls": {"en": "calls", "zh-CN": "通话"},
    "scores": {"en": "how good calls were", "zh-CN": "通话质检"},
    "mirrored": {"en": "calls shown in other systems", "zh-CN": "同步到其他系统的任务"},
    "tasks": {"en": "calls that were owed to you", "zh-CN": "待办通话"},
}


@dataclass(frozen=True, slots=True)
class Kept:
    """All that a brand keeps of one person: the rows of each store by its name."""

    person: str
    brand: str
    as_of: datetime
    stores: Mapping[str, Sequence[Row]]


def of_person(means: Means, brand: BrandRef, person: UUID, *, now: datetime) -> Kept:
    """Everything, a statement a store, as it was at one instant. Raises `NotFound`."""
    with means.database.reading(brand) as tx:
        if person not in people.by_id(tx, [person]):
            raise NotFound("there is no such person")
        stores = {name: _rows(tx, name, person) for name in STORES}
        lists = [dict(row) for row in tx.execute(_LISTED, {"person": person}).mappings()]
    said = [_entry(one) for one in consents.of_person(means, brand, person)]
    shown = ids.shown(ids.PERSON, person)
    return Kept(shown, brand.key, now, stores | {"consents": said, "lists": lists})


def readable(kept: Kept, *, language: Language) -> str:
    """The same as text that somebody can read through: a heading a store, a line a value."""
    lines = [_say("title", language).format(brand=kept.brand)]
    lines.append(_say("at", language).format(at=_told(kept.as_of)))
    for name, rows in kept.stores.items():
        lines += ["", f"## {_say(name, language)} ({len(rows)})"]
        lines += [line for row in rows for line in _lines(row)] or [_say("none", language)]
    return "\n".join(lines) + "\n"


def _rows(tx: Connection, name: str, person: UUID) -> list[Row]:
    table = metadata.tables[f"{metadata.schema}.{name}"]
    order = ", ".join(f'"{column.name}"' for column in table.primary_key.columns)
    found = text(f"select * from outreach.{name} where {STORES[name].whose} order by {order}")
    rows = tx.execute(found, {"person": person}).mappings().all()
    return [_handed(name, personal.opened(tx, name, dict(row))) for row in rows]


def _handed(name: str, row: Row) -> Row:
    """A row without what is ours alone: the brand's number, hashes, and what a message came in."""
    told = {key: value for key, value in row.items() if key != "brand_id" and not _hash(value)}
    if name != "inbox":
        return told
    people_, body = row["people"], row["body"]
    if isinstance(people_, list) and len(set(people_)) > 1:
        return {key: told[key] for key in ("id", "received_at", "state")} | {"body": _SEVERAL}
    letter = {key: value for key, value in told.items() if key not in _ENVELOPE}
    return letter | {"body": body.decode(errors="replace") if isinstance(body, bytes) else body}


def _hash(value: object) -> bool:
    return isinstance(value, bytes | memoryview)


def _entry(said: consents.Said) -> Row:
    entry, address = said.entry, said.address
    names = (
        "action", "channel", "purpose", "how", "evidence", "effective_at", "recorded_at",
        "product", "block", "kinds", "wording",
    )  # fmt: skip
    about = {"address": address.value if address else None}
    return about | {name: getattr(entry, name, None) for name in names}


def _lines(row: Row) -> list[str]:
    told = [f"  {key}: {_told(value)}" for key, value in row.items() if value not in (None, "", [])]
    return ["-", *told]


def _told(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S UTC}"
    return value.isoformat() if isinstance(value, date) else " ".join(str(value).split())


def _say(name: str, language: Language) -> str:
    return _SAYS[name][language]
