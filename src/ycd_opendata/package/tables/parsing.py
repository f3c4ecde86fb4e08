"""A block of lines as columns of text, by polars, and which of its rows have another width.

polars refuses a row that is too long, and fills up one that is too short in silence. Rows are
surely all as wide as the header if it refuses none, and their cells, delimiters and line ends add
up to the block. Else each line end is given a cell of its own, a mark: a row is as wide as the
header if its mark stands behind the last column. Blocks are parsed a few at once, and each result
is taken in its turn.

Where a pattern says of most rows that they are fine, only the others are parsed like that.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from ycd_opendata.package.tables.blocks import (
    RARE,
    Block,
    Lines,
    Quoting,
    are_regular,
    below_header,
    regular_lines,
)
from ycd_opendata.package.tables.header import Comments
from ycd_opendata.package.tables.limits import LONGEST_RECORD
from ycd_opendata.package.tables.row_starts import LongRows
from ycd_opendata.package.tables.sure_rows import SureRows, sorted_rows

if TYPE_CHECKING:
    import polars as pl

Item = TypeVar("Item")
Result = TypeVar("Result")

AT_ONCE = 3
"""How many blocks are at work or wait for their turn: polars keeps two cores busy by itself."""

Look = Callable[["pl.DataFrame"], Any]
"""What a use of the table wants to find out about the columns of each frame."""


SURE_SHARE = 4
"""One in so many rows may be other than sure, or the pattern is of no use."""


class CutError(Exception):
    """A block whose quotes were not counted ends inside of some; ``start`` is where it starts."""

    def __init__(self, start: int) -> None:
        super().__init__(start)
        self.start = start


class Parsed(NamedTuple):
    """The lines of a block, their columns ``"0"``, ``"1"``, …, and what was seen there.

    ``uneven`` are the rows of another width by their index. ``row_count`` says how many rows the
    block has; ``kept`` are the places of those that are in the columns, None for all: comments
    are not. ``long`` are those of several lines, if that is known, and ``texts`` are rows that are
    known as they stand in the file.
    """

    lines: Lines
    columns: pl.DataFrame
    seen: Any
    uneven: Sequence[int]
    row_count: int
    kept: Sequence[int] | None
    long: LongRows | None = None
    texts: Mapping[int, str] = MappingProxyType({})

    @property
    def height(self) -> int:
        """How many rows there are that are not left out."""
        return self.row_count if self.kept is None else len(self.kept)


@dataclass
class BlockParser:
    """Parses the blocks of one table; several threads may use it at once."""

    width: int
    comments: Comments
    look: Look
    sure: SureRows | None = None
    _has_uneven: bool = False

    def parsed(self, block: Block) -> Parsed | None:
        """A block as columns; None where it is irregular or long, or polars cannot read it.

        Raises CutError where it has to be read again, with its quotes counted.
        """
        if len(block.content) >= LONGEST_RECORD:
            # Where a record may be too long, that is for the reader of single rows to tell.
            return None
        parsed = None
        if self.sure and not (self.comments.leave_out or block.skips_spaces):
            parsed = self._sorted(block, self.sure)
        if parsed is None and block.quote_count is None:
            block = block._replace(quote_count=block.quotes)
            if block.quotes % 2:
                raise CutError(block.start)
        return parsed or self._whole(block, self.look)

    def _sorted(self, block: Block, sure: SureRows) -> Parsed | None:
        """A block of which most rows are surely fine; None where that is of no use."""
        import polars as pl

        content = below_header(block)
        if not content or content.startswith(BOM_UTF8) or not are_regular(content):
            return None
        header_lines = block.content.count(b"\n", 0, len(block.content) - len(content))
        lines = Lines(content, header_lines, 0, Quoting(int(b'"' in content), are_inside=True))
        try:
            found = sorted_rows(content, lines.line_end, block.delimiter, sure)
            if found is None:
                return None
            if len(found.others) * SURE_SHARE > found.row_count:
                # The pattern is not made for this table.
                self.sure = None
                return None
            lines = lines._replace(line_count=found.line_count)
            columns = found.columns
            if columns is None:
                columns = self._some_columns(lines, block.delimiter, sure.columns)
        except pl.exceptions.PolarsError:
            return None
        others = self._others(block, found.others)
        if others is None or (sure.columns and columns.height != found.row_count):
            return None
        seen, uneven = sure.look(columns, others[0], [*found.others]), others[1]
        rows, long = found.row_count, LongRows(*found.long)
        return Parsed(lines, columns, seen, uneven, rows, None, long, found.others)

    def _some_columns(self, lines: Lines, delimiter: str, positions: Sequence[int]) -> pl.DataFrame:
        """Some of the columns, not to be trusted in rows of another width."""

        return _read(
            lines.content,
            lines,
            delimiter,
            self.width,
            columns=[*positions],
            truncate_ragged_lines=True,
        )

    def _others(
        self, block: Block, rows: Mapping[int, str]
    ) -> tuple[pl.DataFrame, Sequence[int]] | None:
        """The rows that are not surely fine, and the uneven ones; None where they are irregular."""
        import polars as pl

        if not rows:
            return pl.DataFrame(), ()
        content = "".join(rows.values()).encode()
        part = block._replace(content=content, quote_count=None, above=0)
        others = self._whole(part, _nothing)
        if others is None or others.row_count != len(rows):
            return None
        indexes = [*rows]
        return others.columns, [indexes[at] for at in others.uneven]

    def _whole(self, block: Block, look: Look) -> Parsed | None:
        import polars as pl

        lines = regular_lines(block)
        if lines is None:
            return None
        # A table with one row of another width has more of them.
        columns = None if self._has_uneven else _even_columns(lines, block.delimiter, self.width)
        is_even = columns is not None
        if columns is None:
            try:
                columns = _marked_columns(lines, block.delimiter, self.width)
            except pl.exceptions.PolarsError:
                return None
        row_count, kept = columns.height, None
        if self.comments.leave_out:
            is_left_out = self._left_out(columns)
            if is_left_out is None:
                return None
            if is_left_out.any():
                kept = (~is_left_out).arg_true().to_list()
                columns = columns.filter(~is_left_out)
        uneven: Sequence[int] = ()
        if not is_even:
            uneven = (columns[str(self.width)] != RARE.decode()).arg_true().to_list()
            columns = columns.drop(str(self.width))
            self._has_uneven |= bool(uneven)
        return Parsed(lines, columns, look(columns), uneven, row_count, kept)

    def _left_out(self, columns: pl.DataFrame) -> pl.Series | None:
        """Which rows are comments or blank; None where that is not sure."""
        import polars as pl

        comments, first, last = self.comments, pl.col("0"), pl.col(str(self.width))
        is_left_out = first.str.starts_with(comments.start) if comments.start else first.is_null()
        if comments.are_blank:
            # Where a row ends, there is a mark, and nothing behind it.
            is_blank = pl.all_horizontal(pl.all().fill_null("").is_in(["", RARE.decode()]))
            # A row that goes on behind the columns may be blank up to there.
            if columns.width > self.width and columns.filter(is_blank, last == "").height:
                return None
            is_left_out |= is_blank
        return columns.select(is_left_out.fill_null(False)).to_series()


def _nothing(_: pl.DataFrame) -> None:
    """What a look gives where there is none."""


def _even_columns(lines: Lines, delimiter: str, width: int) -> pl.DataFrame | None:
    """The columns of lines that are all as wide; None where that is not sure."""
    import polars as pl

    # One empty cell looks like none, and of doubled quotes only one is in its cell.
    if width == 1 or not lines.content or lines.quoting.are_inside:
        return None
    try:
        columns = _read(lines.content, lines, delimiter, width, truncate_ragged_lines=False)
    except pl.exceptions.PolarsError:
        return None
    cells = sum(columns.select(pl.all().str.len_bytes().sum()).row(0))
    around = columns.height * (width - 1 + len(lines.line_end))
    around += lines.quoting.total
    return columns if cells + around == len(lines.content) else None


def _marked_columns(lines: Lines, delimiter: str, width: int) -> pl.DataFrame:
    """The columns, and one more with a mark for each row of this width."""
    import polars as pl

    names = [str(number) for number in range(width + 1)]
    if not lines.content:
        return pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    marked_end = delimiter.encode() + RARE + b"\n"
    marked = lines.content.replace(lines.line_end, marked_end)
    try:
        columns = _read(marked, lines, delimiter, width + 1, truncate_ragged_lines=True)
    except pl.exceptions.SchemaError:
        # The first row is shorter than the others, and only a header says how wide they are.
        header = delimiter.join(names).encode() + b"\n"
        columns = _read(
            header + marked,
            lines,
            delimiter,
            width + 1,
            has_header=True,
            truncate_ragged_lines=True,
        )
    if columns.height != lines.line_count:
        # Line ends inside quotes were marked too.
        inside = pl.nth(range(width)).str.replace_all(
            marked_end.decode(), lines.line_end.decode(), literal=True
        )
        columns = columns.with_columns(inside)
    return columns


def _read(
    content: bytes,
    lines: Lines,
    delimiter: str,
    width: int,
    has_header: bool = False,
    **options: Any,
) -> pl.DataFrame:
    import polars as pl

    # polars takes a mark of the byte order away at the start of whatever it reads.
    return pl.read_csv(
        BOM_UTF8 + content if content.startswith(BOM_UTF8) else content,
        has_header=has_header,
        schema=dict.fromkeys(map(str, range(width)), pl.String),
        separator=delimiter,
        quote_char='"' if lines.quoting.total else None,
        infer_schema=False,
        empty_string_is_null=False,
        **options,
    )


def in_order(work: Callable[[Item], Result], items: Iterator[Item]) -> Iterator[Result]:
    """The result of ``work`` on each item, in the order of the items.

    Items are taken one after the other, no more than ``AT_ONCE`` of them ahead.
    """
    first = list(islice(items, 2))
    if len(first) < 2:
        yield from map(work, first)
        return
    # Loaded late: most tables are one block.
    from concurrent.futures import Future, ThreadPoolExecutor

    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting: deque[Future[Result]] = deque()
        for item in chain(first, items):
            waiting.append(pool.submit(work, item))
            if len(waiting) == AT_ONCE:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
