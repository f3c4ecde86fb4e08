"""The one way in which a table of this project is written.

UTF-8 without byte order mark, LF line ends, a final line end, quotes only where a cell needs
them, rows sorted by primary key. Two people who enter the same records get the same bytes, so a
diff shows what changed and nothing else.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Sequence

from ycd_opendata.package.model import Schema

SortKey = tuple[tuple[int, int, str], ...]


def sort_key(cells: Sequence[str], schema: Schema) -> SortKey:
    """The key that orders the rows: the primary key, whole numbers by value, text by code point."""
    names = schema.field_names
    key = []
    for name in schema.primary_key:
        position = names.index(name)
        text = cells[position] if position < len(cells) else ""
        field = schema.fields[position]
        if field.type == "integer" and text.lstrip("+-").isdecimal():
            key.append((0, int(text), text))
        else:
            key.append((1, 0, text))
    return tuple(key)


def canonical_text(header: Sequence[str], rows: Iterable[Sequence[str]], schema: Schema) -> str:
    """The canonical text of a table whose header is its schema's field names.

    Blank rows are left out; rows without a primary key keep their order.
    """
    body = [cells for cells in rows if cells]
    if schema.primary_key:
        body.sort(key=lambda cells: sort_key(cells, schema))
    return csv_text([header, *body])


class _Lines(list[str]):
    """What a CSV writer writes to: it ends lines with CRLF, and here they end with LF.

    The writer puts quotes around a carriage return in a cell only if its line end has one, and
    without quotes the cell would not be read back.
    """

    def write(self, line: str) -> None:
        self.append(line.removesuffix("\r\n") + "\n")


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """Rows as canonical CSV text."""
    lines = _Lines()
    csv.writer(lines, lineterminator="\r\n").writerows(rows)
    return "".join(lines)


def clean_cell(text: str) -> str:
    """A cell in Unicode's composed form (NFC), without white space around it."""
    return unicodedata.normalize("NFC", text).strip()
