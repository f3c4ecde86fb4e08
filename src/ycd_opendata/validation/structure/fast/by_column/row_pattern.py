"""One pattern for lines that are surely fine: most lines are, and need not be split into cells.

A line that matches is a row as wide as the header, of which each cell keeps the conditions of its
column, has nothing odd about it and stands for its value alone. One that does not match may be
fine all the same: that is for the conditions to say, one column after the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from ycd_opendata.validation.hidden_characters import hidden_character, is_padded
from ycd_opendata.validation.structure.fast.by_column.bounded_shapes import either, shape_of
from ycd_opendata.validation.structure.fast.planning.conditions import (
    Condition,
    Length,
    OneOf,
    Shape,
)
from ycd_opendata.validation.structure.fast.planning.patterns import NOTHING, class_of, portable
from ycd_opendata.validation.structure.fast.planning.plan import Column, TablePlan

_MOST_COLUMNS = 100
_LONGEST_TEXT = 200
_LONGEST_PATTERN = 10_000
"""The pattern is run by a machine with a state for each of its places: larger ones are slow."""

LETTERS = (
    "!-~\\x{a1}-\\x{ac}\\x{ae}-\\x{24f}\\x{3a3}-\\x{52f}\\x{2010}-\\x{2027}"
    "\\x{3001}-\\x{303f}\\x{3041}-\\x{3096}\\x{3099}-\\x{30ff}\\x{3400}-\\x{9ffc}"
    "\\x{ac00}-\\x{d7a3}\\x{ff01}-\\x{ff9f}"
)
"""Characters that are seen and are no white space, as far as that takes few ranges."""

_SPACES = " \\x{a0}\\x{3000}"
_ALIKE = ("date", "integer", "year", "yearmonth")
"""Types of which a text that matches stands for its value alone."""

_TIDY_SHAPE = re.compile(
    r"(?:[A-Za-z0-9_|()?:+*,{}/@=-]|\\\.|\[[A-Za-z0-9_.+~/?&=%#:;@!$'()*,-]+\])*"
)
"""Patterns of visible ASCII characters, without classes that hold anything else."""

IsFine = Callable[[int, str], bool]
"""The exact verdict on the text of a cell that is not missing, given its column."""


class RowPattern(NamedTuple):
    """A pattern of whole lines, at most so many bytes long, which leaves some columns open."""

    pattern: str
    longest: int | None
    open: frozenset[int]


def row_pattern(plan: TablePlan, delimiter: str, filled: int, is_fine: IsFine) -> RowPattern | None:
    """The pattern of a table's rows; None where it would say too little.

    Parameters
    ----------
    filled : int
        A column that is not missing in rows that match, so that no blank row does.
    """
    if not 1 < plan.width <= _MOST_COLUMNS:
        return None
    cells = []
    open_columns = set()
    for column in plan.columns:
        is_needed = column.required or column.position == filled
        cell = _cell(column, plan, delimiter, is_fine, is_needed=is_needed)
        if cell is None:
            open_columns.add(column.position)
            cell = f'(?:[^{class_of(delimiter)}"]*|"(?:[^"]|"")*")'
        cells.append(cell)
    between = f"[{class_of(delimiter)}]"
    pattern = f"^{between.join(cells)}$"
    if filled in open_columns or len(open_columns) > plan.width // 2:
        return None
    return RowPattern(pattern, _longest(plan.columns), frozenset(open_columns))


def _longest(columns: Sequence[Column]) -> int | None:
    """How many bytes a line may have at most, where cells are not to have too many characters."""
    conditions = (each for column in columns for each in column.conditions)
    bounds = [each.high for each in conditions if isinstance(each, Length) and each.high]
    return min((each for each in bounds if each > _LONGEST_TEXT), default=None)


def _cell(
    column: Column, plan: TablePlan, delimiter: str, is_fine: IsFine, *, is_needed: bool
) -> str | None:
    """The pattern of cells that are surely fine, quoted or not; None where there is none."""
    is_key = column.position in plan.key_positions
    if is_key and column.canonical and column.field.type not in _ALIKE:
        return None
    missing = column.missing if is_needed else frozenset[str]()
    forms: Forms | None
    conditions = conditions_of(column)
    listed = [each.texts for each in conditions if isinstance(each, OneOf)]
    if listed:
        texts = listed[0] - column.missing
        forms = _listed([each for each in texts if is_fine(column.position, each)], delimiter)
    elif all(isinstance(each, Length) for each in conditions):
        forms = _of_text(conditions, delimiter, missing, is_empty_fine="" not in column.missing)
    elif plan.asks_tidy(column) and not are_tidy(conditions):
        return None
    else:
        forms = _of_shape(shape_of(conditions), delimiter, missing)
    if forms is None or max(map(len, forms)) > _LONGEST_PATTERN:
        return None
    if not is_needed:
        others = _listed(column.missing, delimiter)
        forms = f"(?:{forms[0]}|{others[0]})", f"(?:{forms[1]}|{others[1]})"
    return f'(?:{forms[0]}|"{forms[1]}")'


def conditions_of(column: Column) -> tuple[Condition, ...]:
    """The conditions of a column, of which its categories are one."""
    categories = column.extra.categories
    if categories is None:
        return column.conditions
    return (*column.conditions, OneOf(frozenset(map(str, categories))))


def are_tidy(conditions: Sequence[Condition]) -> bool:
    """Whether a text that meets the conditions has no white space and no hidden character."""
    for condition in conditions:
        if isinstance(condition, OneOf) and not any(map(_is_untidy, condition.texts)):
            return True
        if isinstance(condition, Shape) and _TIDY_SHAPE.fullmatch(condition.pattern):
            return True
    return False


def _is_untidy(text: str) -> bool:
    return is_padded(text) or hidden_character(text) is not None


Forms = tuple[str, str]
"""A pattern for cells that are not quoted, and one for what stands between quotes."""


def _listed(texts: Collection[str], delimiter: str) -> Forms:
    """Some texts; those with odd characters are left to the conditions."""
    plain = sorted(each for each in texts if each.isprintable())
    bare = [re.escape(each) for each in plain if not {delimiter, '"'} & {*each}]
    quoted = [re.escape(each.replace('"', '""')) for each in plain]
    return either(bare) or NOTHING, either(quoted) or NOTHING


def _of_shape(shape: str | None, delimiter: str, missing: Collection[str]) -> Forms | None:
    """Texts of a pattern that Python can read too; None where a missing one is among them."""
    if shape is None or any(re.fullmatch(shape, each) for each in missing):
        return None
    bare, quoted = portable(shape, f'{delimiter}"\r'), portable(shape, '"\r')
    return None if bare is None or quoted is None else (f"(?:{bare})", f"(?:{quoted})")


def _of_text(
    lengths: Sequence[Condition], delimiter: str, missing: Collection[str], *, is_empty_fine: bool
) -> Forms | None:
    """Any tidy text of some length that is none of the missing ones."""
    low, high = 0, None
    for each in lengths:
        assert isinstance(each, Length)
        low, high = each.low or 0, each.high
    if any(not each.isprintable() or '"' in each or _is_untidy(each) for each in missing):
        return None
    longest = max(map(len, missing), default=0)
    if low > _LONGEST_TEXT or (high is not None and high < low + longest + 3):
        return None
    if high is not None and high > _LONGEST_TEXT:
        # That is for the length of the line to say.
        high = None
    bare = _tidy(
        f'{delimiter}"', "", low, high, [each for each in missing if delimiter not in each]
    )
    quoted = _tidy('"', '|""', low, high, missing)
    if is_empty_fine and not low:
        bare, quoted = f"(?:{bare})?", f"(?:{quoted})?"
    return bare, quoted


def _tidy(never: str, also: str, low: int, high: int | None, missing: Collection[str]) -> str:
    """Texts that neither start nor end with a space, and that are none of the missing ones.

    They have none of the characters ``never``, but for what ``also`` says of quotes.
    """

    def one(characters: str, without: Collection[str] = ()) -> str:
        return f"(?:[[{characters}]&&[^{class_of(never)}{class_of(without)}]]{also})"

    heads = {each[:at] for each in missing for at in range(len(each) + 1)} | {""}
    longest = max(map(len, heads)) + 1
    rest = f"{one(LETTERS + _SPACES)}{{{max(low - 2, 0)},"
    rest += f"{'' if high is None else high - longest - 1}}}{one(LETTERS)}"
    ways = []
    for head in sorted(heads):
        # What follows leads away from the missing texts.
        following = {each[len(head)] for each in missing if each.startswith(head) and each != head}
        end = "?" if len(head) + 1 >= low else ""
        text = re.escape(head)
        ways.append(f"{text}{one(LETTERS, following)}(?:{rest}){end}")
        if head:
            ways.append(f"{text}{one(_SPACES, following)}{rest}")
        if head and head not in missing and len(head) >= low and head[-1] != " ":
            ways.append(text)
    return f"(?:{'|'.join(ways)})"
