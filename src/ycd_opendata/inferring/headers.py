"""Whether the first row of a text is a header: in a file without one it looks like the others.

Only what no header says is taken for sure: a day above days, a number that the column counts on
from, or a row of which every cell fits its column. What may be a heading (years side by side,
doses) is left as it is, and named.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import polars as pl

from ycd_opendata.inferring.cells import cells_of
from ycd_opendata.inferring.column_types import guess
from ycd_opendata.messages import mark, say
from ycd_opendata.package.tables.undescribed import Undescribed
from ycd_opendata.shown import visible

_LIKE_DATA = re.compile(r"[^\w]*\d[\d\W]*|\d{4}-\d\d-\d\dT\S+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_MOMENTS = ("date", "datetime", "time")
_SAMPLE, _FEW = 50, 3


def judged_header(source: Undescribed) -> Undescribed:
    """The table with its first row among the others if that is no header; else a note at most."""
    dialect = source.properties.get("dialect", {})
    is_text = source.properties["format"] in ("csv", "tsv") and "headerRows" not in dialect
    like_data = [bool(_LIKE_DATA.fullmatch(each)) for each in source.labels]
    if not is_text or not any(like_data) or not source.rows:
        return source
    columns = [source.cells[str(at)] for at in range(len(source.labels))]
    whole = [_with_first(*each) for each in zip(source.labels, columns, strict=True)]
    types = [
        guess(cells_of("", cells)).notation.type if is_like else "string"
        for is_like, cells in zip(like_data, whole, strict=True)
    ]
    if {*types} == {"string"} or _are_headings(source.labels):
        return source
    found = [*zip(types, source.labels, columns, strict=True)]
    is_sure = any(
        type_ in _MOMENTS or (type_ != "string" and _counts_on(label, cells))
        for type_, label, cells in found
    ) or all(
        type_ != "string" or not label or _is_among(label, cells) for type_, label, cells in found
    )
    shown = ", ".join(repr(visible(each)) for each in source.labels[:_FEW])
    if not is_sure:
        note = mark("the first row ({shown}) may be no header: it has cells like the rest")
        return replace(source, notes=(*source.notes, say(note, shown=shown)))
    note = mark("there is no header: the first row ({shown}) is like the others")
    return replace(
        source,
        properties={**source.properties, "dialect": {**dialect, "header": False}},
        labels=tuple(f"field{at}" for at in range(1, len(columns) + 1)),
        cells={str(at): cells for at, cells in enumerate(whole)},
        rows=source.rows + 1,
        notes=(*source.notes, say(note, shown=shown)),
    )


def _with_first(label: str, cells: pl.Series | list[Any]) -> pl.Series | list[Any]:
    if isinstance(cells, list):
        return [label, *cells]
    return pl.concat([pl.Series([label], dtype=pl.String), cells.alias("")])


def _are_headings(labels: Sequence[str]) -> bool:
    """Whether the numbers among the labels are years or count on, as headings of columns do."""
    numbers = [each for each in labels if _LIKE_DATA.fullmatch(each)]
    return (len(numbers) > 1 and all(map(_YEAR.fullmatch, numbers))) or _count_up(numbers)


def _counts_on(label: str, cells: pl.Series | list[Any]) -> bool:
    """Whether the first numbers of a column go on from what stands above them: 1, then 2, 3."""
    return _count_up([label, *(str(each).strip() for each in cells[:_FEW])])


def _count_up(texts: Sequence[str]) -> bool:
    """Whether some texts are at least three numbers, each one more than that before it."""
    if len(texts) < _FEW or not all(map(str.isdecimal, texts)):
        return False
    return {int(b) - int(a) for a, b in pairwise(texts)} == {1}


def _is_among(label: str, cells: pl.Series | list[Any]) -> bool:
    """Whether a text is one of a column's, or a code that is written as they are."""
    texts = [str(each).strip() for each in cells[:_SAMPLE] if each]
    if label in texts:
        return True
    if not any(map(str.isdigit, label)) or not any(map(str.isalpha, label)):
        return False
    return sum(_shape(each) == _shape(label) for each in texts) * 2 > len(texts)


def _shape(text: str) -> str:
    return re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "9", text))
