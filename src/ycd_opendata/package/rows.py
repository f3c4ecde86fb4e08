"""The rows of a delimited text file, each with the physical line it starts on."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ycd_opendata.errors import DataError
from ycd_opendata.messages import say


@dataclass(frozen=True)
class Row:
    """One row: ``number`` counts rows from 1 (the header), ``line`` physical lines from 1.

    They part company after a quoted line break.
    """

    number: int
    line: int
    cells: tuple[str, ...]


_LONGEST_CELL = 2**31 - 1


def parse_rows(text: str, dialect: Mapping[str, Any], *, strict: bool = False) -> list[Row]:
    """The rows of a text that is already in memory.

    Parameters
    ----------
    strict : bool
        Refuse quotes that do not pair, which otherwise make one cell of many rows.

    Raises
    ------
    DataError
        It cannot be read as delimited text; the line on which the row starts is said.
    """
    try:
        return list(_rows(io.StringIO(text, newline=""), dialect, strict=strict))
    except TypeError as error:
        raise DataError(say("its dialect is none: {error}", error=error)) from error


def _rows(
    stream: io.TextIOBase, dialect: Mapping[str, Any], *, strict: bool = False
) -> Iterator[Row]:
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(
        stream,
        delimiter=dialect.get("delimiter", ","),
        quotechar=dialect.get("quoteChar", '"'),
        doublequote=dialect.get("doubleQuote", True),
        escapechar=dialect.get("escapeChar"),
        skipinitialspace=dialect.get("skipInitialSpace", False),
        strict=strict,
    )
    line = 1
    try:
        for number, cells in enumerate(reader, start=1):
            yield Row(number, line, tuple(cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise DataError(
            say("line {line} is not delimited text: {error}", line=line, error=error)
        ) from error
