"""In which languages does the product speak, and how is one of two wordings taken?"""

from typing import Literal, TypeAlias

Language: TypeAlias = Literal["en", "zh-CN"]
Both: TypeAlias = tuple[str, str]
"""The same in English and in Chinese."""


def within(both: Both, language: Language) -> str:
    """The wording in this language."""
    en, zh = both
    return zh if language == "zh-CN" else en
