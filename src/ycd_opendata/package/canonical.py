"""The one way in which a table is written.

Quotes only where a cell needs them, rows sorted by primary key, a final line end, no blank lines.
Two people who enter the same records get the same bytes, so a diff shows what changed and nothing
else. This project's own tables are UTF-8 without byte order mark and with LF line ends, too.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from ycd_opendata.package.model import Schema

SortKey = tuple[tuple[int, int, str], ...]


def order_of(schema: Schema, labels: Sequence[str]) -> Callable[[Sequence[str]], SortKey]:
    """What orders the rows: the primary key, whole numbers by value, text by code point.

    What is no whole number in a column of them (``--5``, or more digits than Python reads) comes
    last, as text. ``labels`` are the columns.
    """
    places = []
    for name in schema.primary_key:
        field = schema.field(name)
        places.append((labels.index(name), field is not None and field.type == "integer"))

    def key(cells: Sequence[str]) -> SortKey:
        return tuple(
            _sorted_as(cells[place] if place < len(cells) else "", is_number)
            for place, is_number in places
        )

    return key


def _sorted_as(text: str, is_number: bool) -> tuple[int, int, str]:
    try:
        return (0, int(text), text) if is_number else (1, 0, text)
    except ValueError:
        return 1, 0, text


def canonical_rows(
    rows: Iterable[Sequence[str]], schema: Schema, labels: Sequence[str] | None = None
) -> list[Sequence[str]]:
    """The rows in order, blank ones left out; without a primary key they keep their order."""
    body = [cells for cells in rows if cells]
    if schema.primary_key:
        body.sort(key=order_of(schema, schema.field_names if labels is None else labels))
    return body


class _Lines(list[str]):
    """What a CSV writer writes to: it ends lines with CRLF, and here they end as is wanted.

    The writer puts quotes around a carriage return in a cell only if its line end has one, and
    without quotes the cell would not be read back.
    """

    def __init__(self, line_end: str) -> None:
        self._line_end = line_end

    def write(self, line: str) -> None:
        self.append(line.removesuffix("\r\n") + self._line_end)


def csv_text(
    rows: Iterable[Sequence[str]], delimiter: str = ",", quote: str = '"', line_end: str = "\n"
) -> str:
    """Rows as canonical CSV text."""
    lines = _Lines(line_end)
    writer = csv.writer(lines, delimiter=delimiter, quotechar=quote, lineterminator="\r\n")
    writer.writerows(rows)
    return "".join(lines)


def clean_cell(text: str) -> str:
    """A cell in Unicode's composed form (NFC), without white space around it."""
    return unicodedata.normalize("NFC", text).strip()
