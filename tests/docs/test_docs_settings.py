"""Is docs/settings.md what the settings say of themselves?"""

import runpy
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_is_fresh() -> None:
    """When it is not: `.venv/bin/python docs/make_settings.py`."""
    made = runpy.run_path(str(DOCS / "make_settings.py"))
    assert (DOCS / "settings.md").read_text(encoding="utf-8") == made["page"]()
