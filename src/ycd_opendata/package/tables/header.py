"""Which rows of a table are its header, which are comments, and where its content starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ycd_opendata.messages import say

SAMPLE_ROWS = 100
"""The rows among which frictionless looks for a header."""


@dataclass(frozen=True)
class Comments:
    """What is left out of a table: rows that start with a text, rows of some numbers, blank ones.

    Blank are those whose cells are all empty.
    """

    start: str = ""
    numbers: frozenset[int] = frozenset()
    are_blank: bool = False

    @property
    def leave_out(self) -> bool:
        """Whether cells say that a row is left out."""
        return bool(self.start) or self.are_blank

    def has(self, number: int, cells: Sequence[str]) -> bool:
        """Whether a row is a comment."""
        if self.start and cells and cells[0].startswith(self.start):
            return True
        return number in self.numbers or (self.are_blank and not any(cells))


@dataclass(frozen=True)
class Header:
    """The labels of a table, none if it has no header, and the numbers of the rows they are in.

    ``content`` is the number of the first row that is content, if it is no comment. A file is
    expected to start with a header unless the dialect says that it has none. ``line`` is the
    physical line on which the header starts.
    """

    labels: tuple[str, ...]
    rows: tuple[int, ...] = (1,)
    content: int = 2
    comments: Comments = Comments()
    is_expected: bool = True
    line: int = 1


def find_header(sample: Sequence[Sequence[str]], dialect: Mapping[str, Any]) -> Header:
    """The header of a table, as frictionless finds it in the first rows."""
    numbers = frozenset(dialect.get("commentRows") or ())
    comments = Comments(dialect.get("commentChar") or "", numbers)
    skips_blank = dialect.get("skipBlankRows") is True
    if dialect.get("header") is False:
        comments = replace(comments, are_blank=skips_blank)
        return Header((), (), 1, comments, is_expected=False)
    rows: Sequence[int] = dialect.get("headerRows") or ()
    if not {"header", "headerRows"} & {*dialect}:
        rows = (_likely_header(sample, comments),)
    elif "headerRows" not in dialect:
        rows = (1,)
    content = max(rows[-1] + 1 if rows else 1, 1)
    found = []
    for number, cells in enumerate(sample, start=1):
        if comments.has(number, cells):
            continue
        if number in rows:
            found.append([cell.strip() for cell in cells])
        if number >= content:
            break
    labels = _joined(found, dialect.get("headerJoin", " "))
    below = frozenset(number for number in numbers if number >= content)
    comments = replace(comments, numbers=below, are_blank=skips_blank)
    return Header(labels, tuple(rows), content, comments)


def _likely_header(sample: Sequence[Sequence[str]], comments: Comments) -> int:
    """The first row that is no comment and about as wide as rows are, comments included."""
    width = round(sum(map(len, sample)) / len(sample)) if sample else 0
    drift = max(round(width * 0.1), 1)
    for number, cells in enumerate(sample, start=1):
        if abs(len(cells) - width) <= drift and not comments.has(number, cells):
            return number
    return 1


def _joined(rows: Sequence[Sequence[str]], join: str) -> tuple[str, ...]:
    """One label a column; what stands in several rows of it is said once, one behind another."""
    labels: list[str] = []
    last: dict[int, str] = {}
    for cells in rows:
        for at, cell in enumerate(cells):
            if last.get(at) == cell:
                continue
            last[at] = cell
            if at == len(labels):
                labels.append(cell)
            else:
                labels[at] = join.join((labels[at], cell))
    return tuple(labels)


def is_title(labels: Sequence[str]) -> bool:
    """Whether what stands in the first row is rather a title: most of its cells are empty."""
    return len(labels) > 1 and sum(map(bool, labels)) * 2 <= len(labels)


def full_row(rows: Sequence[Sequence[str]]) -> int:
    """The number of the first row whose cells are all filled and differ, as labels do; else 0."""
    for number, cells in enumerate(rows, start=1):
        shown = [cell.strip() for cell in cells]
        if len(cells) > 1 and all(shown) and len({*shown}) == len(cells):
            return number
    return 0


def header_of_values(rows: Sequence[Sequence[Any]]) -> Header:
    """The header of a sheet, whose cells are values; it may stand below a title."""
    shown = [["" if cell is None else str(cell) for cell in row] for row in rows[:SAMPLE_ROWS]]
    header = find_header(shown, {})
    better = full_row(shown) if is_title(header.labels) else 0
    return find_header(shown, {"headerRows": [better]}) if better > 1 else header


def odd_label(labels: Sequence[str]) -> str:
    """What is wrong with a header whose columns a schema cannot name, or ""."""
    for at, label in enumerate(labels, start=1):
        if not label:
            return say("column {at} has no name", at=at)
        if label in labels[: at - 1]:
            return say("two columns are called {label!r}", label=label)
    return ""
