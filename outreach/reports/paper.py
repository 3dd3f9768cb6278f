"""How does the firm's monthly report become a PDF that looks alike on every machine?

Typst sets it, whose wheels need nothing of the system, and the font that Chinese is read in lies in
the file itself: both come with the extra `outreach[reports]`. What the report says reaches Typst as
data and never as markup. PDF/A-2a (ISO 19005-2), so that it is read years later and aloud.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from outreach.bilingual import Language
from outreach.errors import Invalid
from outreach.reports import client
from outreach.reports.client import Month

_PAGES = Path(__file__).parent / "pages"
# One collection holds the shapes of all four regions; the first of a name is what Chinese reads.
_FONTS = ("Noto Sans CJK SC",)
_FONTS_IN = "noto_cjk_sans_otc"
_STANDARD = "a-2a"


def pdf(of: Month, language: Language, *, pilots: Sequence[Sequence[str]] = ()) -> bytes:
    """The report; the same account makes the same bytes. `pilots` are as `client.page` has them.

    Raises `Invalid`, saying what to install, where the extra is missing.
    """
    typst, fonts = _press()
    made: bytes = typst.compile(
        (_PAGES / "client.typ").read_bytes(),
        root=str(_PAGES),
        font_paths=[fonts],
        ignore_system_fonts=True,
        sys_inputs={"told": json.dumps(_told(of, language, pilots), ensure_ascii=False)},
        pdf_standards=[_STANDARD],
    )
    return made


@lru_cache(maxsize=1)
def _press() -> tuple[Any, str]:
    """Typst, and the folder of the font."""
    try:
        typst, fonts = import_module("typst"), import_module(_FONTS_IN)
    except ImportError as error:
        raise Invalid(
            "a PDF needs what `pip install 'outreach[reports]'` brings; the page as HTML does not"
        ) from error
    return typst, str(Path(str(fonts.__file__)).parent)


def _told(of: Month, language: Language, pilots: Sequence[Sequence[str]]) -> dict[str, object]:
    """The report as the page on paper reads it: every number as it is shown."""
    t, period = client.words(language), of.period
    tongue, _, region = language.partition("-")
    last = period.until
    return {
        "language": tongue, "region": region or None, "fonts": _FONTS, "words": t,
        "title": f"{of.brand}: {t['title']} {of.told}",
        "until": (last.year, last.month, last.day),
        "sums": [
            (t["sent"], str(period.sent)), (t["reached"], str(period.reached)),
            (t["refused"], str(period.refused)),
            (t["opt_out_rate"], f"{period.opt_out_rate:.2%}"),
        ],
        "levels": list(client.judged(of.levels, language)),
        "costs": list(client.spent(of.costs, language)),
        "pilots": pilots,
        "charts": list(client.drawn(period)),
        "lines": [
            (line.campaign, line.channel, str(line.sent), str(line.delivered), str(line.failed),
             str(line.complained), f"{line.late_p50 / 60:.1f} / {line.late_p95 / 60:.1f}")
            for line in period.lines
        ],
        "not_sent": [
            (client.phrase(reason, language), str(many)) for reason, many in period.not_sent
        ],
    }  # fmt: skip
