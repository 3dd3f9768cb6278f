"""Does the firm's report on paper say what the page says, in letters that lie in the file?"""

import io
import sys
from datetime import UTC, date, datetime
from decimal import Decimal

import pypdf
import pytest

from outreach.bilingual import Language
from outreach.errors import Invalid
from outreach.reports import paper
from outreach.reports.client import Month
from outreach.reports.costs import Cost
from outreach.reports.levels import Judged, Part
from outreach.reports.period import Line, Period

_EVIL = '#read("x") *x* <i>'
_PERIOD = Period(
    datetime(2026, 3, 1, tzinfo=UTC),
    datetime(2026, 4, 1, tzinfo=UTC),
    lines=(Line(_EVIL, "email", 1200, 1180, 20, 3, 60.0, 600.0),),
    days=((date(2026, 3, 2), "email", 700), (date(2026, 3, 4), "email", 500)),
    not_sent=(("no_address", 17),),
    reached=1100,
    refused=5,
)
_MONTH = Month("骨直灯具", "2026-03", _PERIOD, (Judged("delivered", Part(1180, 1200), 0.97),),
               (Cost(_EVIL, "order.paid", 4, Decimal("9.30"), "CNY"),))  # fmt: skip
_PILOT = (_EVIL, "评价", "150 / 500 (30.00%)", "50 / 500", "+20.00% (+15.05% – +24.87%)", "已达成")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["Monthly report 2026-03", "at least 97.00%", "there is no address", "1.0 / 10.0"]),
        ("zh-CN", ["月度报告 2026-03", "不低于 97.00%", "没有该渠道的联系方式", "达标"]),
    ],
)
def test_the_pdf_reads_as_the_page_does(language: Language, said: list[str]) -> None:
    """What a campaign is called is text, whatever stands in it; the font is in the file."""
    made = paper.pdf(_MONTH, language, pilots=[_PILOT])
    (sheet,) = pypdf.PdfReader(io.BytesIO(made)).pages
    read = " ".join(sheet.extract_text().split())
    for part in (
        "骨直灯具",
        "+20.00% (+15.05% – +24.87%)",
        "98.33%",
        "1200",
        "2.3250 CNY",
        "17",
        *said,
    ):
        assert part in read
    assert _EVIL in read
    fonts = [font.get_object() for font in sheet["/Resources"]["/Font"].values()]
    inner = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts]
    assert inner
    assert all("/FontFile3" in one or "/FontFile2" in one for one in inner)


def test_without_what_sets_it_somebody_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paper._press.cache_clear()
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(Invalid, match=r"pip install 'outreach\[reports\]'"):
        paper.pdf(_MONTH, "en")
    paper._press.cache_clear()
