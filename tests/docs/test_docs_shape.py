"""Do functions stay small, and do modules stay free of circles?"""

from statistics import median

from tests import shape


def test_the_median_function_has_fewer_than_ten_lines() -> None:
    assert median(shape.function_lengths(shape.modules().values())) < 10


def test_no_module_imports_itself_by_way_of_others() -> None:
    assert shape.cycles({name: module.ours for name, module in shape.modules().items()}) == []


def test_a_circle_would_be_found() -> None:
    """The mirror is not blind: three modules in a ring are one group, their guests are none."""
    imports = {"a": ["b"], "b": ["c"], "c": ["a"], "guest": ["a"]}
    assert shape.cycles(imports) == [("a", "b", "c")]


def test_the_report_says_where_we_stand() -> None:
    assert shape.report().startswith("modules ")
