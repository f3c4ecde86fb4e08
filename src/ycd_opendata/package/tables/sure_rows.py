"""Rows that a pattern tells to be fine, and the others, which have to be split into cells."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from ycd_opendata.package.tables.blocks import RARE

if TYPE_CHECKING:
    import polars as pl


class SureRows(NamedTuple):
    """Which lines are surely fine: those of at most ``longest`` bytes that match.

    ``pattern`` is one of Rust for a whole row of the right width, on one line. ``columns`` have to
    be looked at all the same. ``look`` is given these columns of all rows, then all columns of the
    rows that do not match, and their indexes.
    """

    pattern: str
    longest: int | None
    columns: Sequence[int]
    look: Callable[[pl.DataFrame, pl.DataFrame, Sequence[int]], Any]


@dataclass(frozen=True)
class SortedRows:
    """The rows of a block: how many there are, and those that are not surely fine.

    ``others`` are those, with their line ends, by their indexes. ``long`` are the rows of several
    lines, and how many lines too many there are up to each. ``columns`` are those that have to be
    looked at, if the lines say what they are.
    """

    row_count: int
    line_count: int
    others: Mapping[int, str]
    long: tuple[array[int], array[int]]
    columns: pl.DataFrame | None


def sorted_rows(
    content: bytes, line_end: bytes, delimiter: str, sure: SureRows
) -> SortedRows | None:
    """Tell rows that are surely fine from others; None where few are, or a quote is never closed.

    Raises
    ------
    polars.exceptions.PolarsError
        The lines are no text, or the pattern is too large.
    """
    import polars as pl

    # Not a character of it separates cells.
    lines = pl.read_csv(
        content,
        has_header=False,
        schema={"line": pl.String},
        separator=RARE.decode(),
        quote_char=None,
        empty_string_is_null=False,
    )["line"]
    is_sure = lines.str.contains(sure.pattern)
    if sure.longest is not None:
        is_sure &= lines.str.len_bytes() <= sure.longest
    places = (~is_sure).arg_true()
    if 2 * len(places) > len(lines):
        return None
    found = zip(places.to_list(), lines.gather(places).to_list(), strict=True)
    others: dict[int, str] = {}
    end = line_end.decode()
    long, too_many = array("Q"), array("Q")
    following: list[int] = []
    more, start = 0, None
    for place, line in found:
        is_odd = line.count('"') % 2
        if start is None and is_odd:
            # It ends with the next such line, whatever stands in between.
            start = place
        elif start is None:
            others[place - more] = line + end
        elif is_odd:
            others[start - more] = end.join([*lines[start : place + 1].to_list(), ""])
            long.append(start - more)
            following += range(start + 1, place + 1)
            more += place - start
            too_many.append(more)
            start = None
    if start is not None:
        return None
    line_count = len(lines)
    if following:
        lines = lines.filter(pl.repeat(True, line_count, eager=True).scatter(following, False))
    columns = _first_columns(lines, delimiter, sure.columns)
    return SortedRows(len(lines), line_count, others, (long, too_many), columns)


def _first_columns(
    lines: pl.Series, delimiter: str, positions: Sequence[int]
) -> pl.DataFrame | None:
    """Some columns of the rows that start with these lines, not to be trusted in uneven ones.

    None where some of their cells are quoted, or where it takes less to look for them otherwise.
    """
    import polars as pl

    if not positions:
        return pl.DataFrame()
    if positions[-1] >= 2 * len(positions) or lines[0].startswith('"'):
        return None
    cells = lines.str.split_exact(delimiter, positions[-1]).struct.unnest()
    columns = cells.select(pl.col(f"field_{at}").alias(str(at)) for at in positions)
    is_quoted = pl.any_horizontal(pl.all().str.starts_with('"')).any()
    return None if cells.select(is_quoted).item() else columns
