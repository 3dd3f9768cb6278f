"""What is on record of a person or an order, in a sentence for each record?"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from outreach.bilingual import Language
from outreach.records import shown
from outreach.reports.model import RecordTold

_STATES: Mapping[str, tuple[str, str]] = {
    "placed": ("placed", "已下单"),
    "paid": ("paid", "已付款"),
    "cancelled": ("cancelled", "已取消"),
    "refunded": ("refunded", "已退款"),
    "ordered": ("ordered", "已订购"),
    "returned": ("returned", "已退回"),
    "shipped": ("shipped", "已发货"),
    "in_transit": ("on its way", "运输中"),
    "delivered": ("delivered", "已签收"),
    "exception": ("in trouble on its way", "运输异常"),
    "running": ("running", "生效中"),
    "due": ("about to be renewed", "待续约"),
    "renewed": ("renewed", "已续约"),
    "ended": ("ended", "已到期"),
    "open": ("open", "处理中"),
    "waiting": ("waiting for the person", "等待客户回复"),
    "closed": ("closed", "已结清"),
    "reopened": ("open again", "重新处理中"),
    "deceased": ("said to have died", "据报已故"),
    "mistaken": ("said to have died, by mistake", "误报已故,已更正"),
}
_QUALITIES: Mapping[str, tuple[str, str]] = {
    "handed_over": ("handed to the person", "本人签收"),
    "locker": ("left in a locker or at a pick-up point", "放入快递柜或驿站"),
    "gatekeeper": ("left with the porter", "门卫或前台代收"),
    "unknown": ("into whose hands is not known", "签收人不详"),
}
_SILENT = ("not told how it stands", "状态未知")
_Known = Mapping[str, Any]  # columns differ by kind


def of_person(tx: Connection, person: UUID, *, language: Language) -> tuple[RecordTold, ...]:
    """What is on record of a person, kind by kind."""
    return _told(shown.of_person(tx, person), language)


def of_order(tx: Connection, order: str, *, language: Language) -> tuple[RecordTold, ...]:
    """What is on record of an order; nothing where no event has named it."""
    return _told(shown.of_order(tx, order), language)


def _told(found: Mapping[str, shown.Rows], language: Language) -> tuple[RecordTold, ...]:
    column = 1 if language == "zh-CN" else 0
    return tuple(
        RecordTold(kind, _SENTENCES[kind](row, column), row)
        for kind, rows in found.items()
        for row in rows
    )


def _order(row: _Known, column: int) -> str:
    complete = ("; complete since {}", ";{} 全部送达")[column]
    ending = complete.format(_at(row["completed_at"])) if "completed_at" in row else ""
    return ("Order {}: {}{}.", "订单 {}:{}{}。")[column].format(
        row["key"], _state(row, column), ending
    )


def _line(row: _Known, column: int) -> str:
    many = f"{row['quantity']} × " if "quantity" in row else ""
    what = f"{many}{row.get('product_key', '?')}"
    state = _STATES[row.get("state") or "ordered"][column]
    sentence = ("Line {} of order {}: {}, {}.", "订单 {1} 第 {0} 行:{2},{3}。")[column]
    return sentence.format(row["line"], row["order_key"], what, state)


def _parcel(row: _Known, column: int) -> str:
    quality = row.get("quality")
    ending = (", ", ",")[column] + _QUALITIES[quality][column] if quality else ""
    return ("Parcel {}: {}{}.", "包裹 {}:{}{}。")[column].format(
        row["key"], _state(row, column), ending
    )


def _registration(row: _Known, column: int) -> str:
    sentence = ("Product {} (serial number {}): registered.", "产品 {}(序列号 {}):已登记。")[column]
    return sentence.format(row["product_key"], row["serial"])


def _contract(row: _Known, column: int) -> str:
    until = (", until {}", ",至 {}")[column]
    ending = until.format(row["ends_on"]) if "ends_on" in row else ""
    sentence = ("Contract {}: {}{}.", "合同 {}:{}{}。")[column]
    return sentence.format(row["key"], _state(row, column), ending)


def _case(row: _Known, column: int) -> str:
    return ("Case {}: {}.", "工单 {}:{}。")[column].format(row["key"], _state(row, column))


def _death(row: _Known, column: int) -> str:
    return ("The person is {}.", "客户{}。")[column].format(_state(row, column))


def _inquiry(row: _Known, column: int) -> str:
    about = (" about {}", "({})")[column]
    ending = about.format(row["product_key"]) if "product_key" in row else ""
    sentence = ("Last inquiry{}: {}.", "最近一次咨询{}:{}。")[column]
    return sentence.format(ending, _at(row["made_at"]))


def _state(row: _Known, column: int) -> str:
    return _STATES.get(row.get("state", ""), _SILENT)[column]


def _at(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M UTC}"


_SENTENCES: Mapping[str, Callable[[_Known, int], str]] = {
    "orders": _order, "order_lines": _line, "parcels": _parcel, "registrations": _registration,
    "contracts": _contract, "cases": _case, "deaths": _death,
    "inquiries": _inquiry,
}  # fmt: skip
