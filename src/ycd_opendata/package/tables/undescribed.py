"""Tables that nobody has described yet: how each is read, and its cells as they stand.

What is found out (encoding, delimiter, the header's row, sheets) is what a descriptor has to say,
so that whoever reads the table by it reads the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ycd_opendata.errors import DataError
from ycd_opendata.messages import mark, reason_of, say
from ycd_opendata.package.files import PARQUET_ENDINGS
from ycd_opendata.package.model import Package, Resource
from ycd_opendata.package.tables.batches import Frame, batches, frame_of
from ycd_opendata.package.tables.frictionless_rows import frictionless_cells
from ycd_opendata.package.tables.header import SAMPLE_ROWS, full_row, header_of_values, is_title
from ycd_opendata.package.tables.limits import RefusedError, refuse_bomb
from ycd_opendata.package.tables.opening import EmptyError, NotReadableError, Text, open_text
from ycd_opendata.package.tables.rows import Record, records
from ycd_opendata.package.tables.text_encoding import wide_encoding, wide_properties

if TYPE_CHECKING:
    import polars as pl

TEXT_ENDINGS = (".csv", ".tsv", ".csv.gz", ".tsv.gz")
WORKBOOK_ENDINGS = {".xlsx": "excel", ".ods": "ods"}
"""Which key of a dialect names the sheet of a workbook."""
JSON_LINES_ENDINGS = (".jsonl", ".ndjson")
ENDINGS = (*TEXT_ENDINGS, *PARQUET_ENDINGS, *WORKBOOK_ENDINGS, *JSON_LINES_ENDINGS)

_COMMENT = "#"
_SAMPLE_BYTES = 100_000
_WESTERN = "windows-1252"
_WESTERN_SIGNS = frozenset("°²³§€£¥©®«»„“”‘’–—…·±×½¼¾µ¿¡\u00a0´`•†‰¹")
_LIKE_WESTERN = re.compile(
    r"mac-(?:roman|iceland|latin2)|iso8859-(?:1|3|4|9|10|13|14|15|16)|cp(?:125[247]|4\d\d|8[567]\d)"
)
"""What a detector takes text of Western Europe for."""
_START_BYTES = 4096


@dataclass(frozen=True)
class Undescribed:
    """A table as it stands: what a resource has to say of it, its labels and its cells.

    ``cells`` holds a column a label, ``"0"``, ``"1"``, …: of texts, or of values where the file
    has types of its own, which ``is_typed`` says. ``notes`` say what was guessed.
    """

    path: str
    sheet: str
    properties: Mapping[str, Any]
    labels: tuple[str, ...]
    cells: Mapping[str, pl.Series | list[Any]]
    rows: int
    is_typed: bool
    notes: tuple[str, ...] = ()


def read_undescribed(root: Path, path: str) -> Iterator[Undescribed]:
    """The tables of a file: one, or one a sheet that holds anything.

    Raises DataError where it is no table, or one that nothing would read without a fault.
    """
    file, lower = root / path, path.lower()
    try:
        refuse_bomb(file)
        if lower.endswith(TEXT_ENDINGS):
            yield _text_table(root, path)
        elif lower.endswith(PARQUET_ENDINGS):
            yield _parquet_table(file, path)
        else:
            yield from _foreign_tables(root, path)
    except EmptyError as reason:
        raise DataError(
            say("{path}: the file is empty", path=path), say("fill it, or move it away")
        ) from reason
    except (NotReadableError, RefusedError) as reason:
        raise DataError(f"{path}: {reason}", say("mend the file, or move it away")) from reason
    except OSError as error:
        raise DataError(f"{path}: {reason_of(error)}", say("is it yours to read?")) from error


def _text_table(root: Path, path: str) -> Undescribed:
    file = root / path
    with file.open("rb") as stream:
        start = stream.read(_START_BYTES)
    if encoding := wide_encoding(start):
        found = _foreign_table(root, path, "", {**wide_properties(file, encoding)})
        note = say("its encoding is {encoding}: as UTF-8 it is read much faster", encoding=encoding)
        return replace(found, notes=(note, *found.notes))
    properties, notes, text = _opened(file, path, start)
    labels = text.header.labels
    try:
        frame, blank = _whole(text, len(labels))
    except NotReadableError:
        text = _of_one_column(file, path, properties, text)
        frame, blank = _whole(text, len(labels))
    dialect = _dialect(text, properties["format"])
    if blank:
        dialect["skipBlankRows"] = True
        notes.append(say("{blank} blank rows are skipped", blank=blank))
    if dialect:
        properties["dialect"] = dialect
    columns = {str(at): frame[str(at)] for at in range(len(labels))}
    return Undescribed(path, "", properties, labels, columns, frame.height, False, tuple(notes))


def _opened(file: Path, path: str, start: bytes) -> tuple[dict[str, Any], list[str], Text]:
    """How the text of a file is read: what is not usual about it, what was guessed, the text."""
    if b"\0" in start:
        raise NotReadableError(say("it holds NUL bytes, so it is no text"))
    dialect: dict[str, Any] = {}
    if start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(_COMMENT.encode()):
        dialect["commentChar"] = _COMMENT
    properties: dict[str, Any] = {"format": "tsv" if ".tsv" in path.lower() else "csv"}
    notes = []
    text = open_text([file], _resource(path, dialect))
    if text.is_guess:
        western = _LIKE_WESTERN.fullmatch(text.encoding)
        properties["encoding"] = (_western(file) if western else "") or text.encoding
        notes.append(
            say("the file is not UTF-8; it looks like {encoding}", encoding=properties["encoding"])
        )
        text = open_text([file], _resource(path, dialect, {"path": path, **properties}))
    if is_title(text.header.labels):
        better = full_row([each.cells for each in islice(records(text, 0), SAMPLE_ROWS)])
        if better > 1:
            dialect["headerRows"] = [better]
            text = open_text([file], _resource(path, dialect, {"path": path, **properties}))
    if text.header.rows not in ((), (1,)):
        row = text.header.rows[0]
        template = mark("the header is taken to be row {rows}, below {above} others")
        notes.append(say(template, rows=row, above=row - 1))
    return properties, notes, text


def _of_one_column(file: Path, path: str, properties: Mapping[str, Any], text: Text) -> Text:
    """The text split where it has nothing to split, if its header is a single label."""
    if len(text.header.labels) == 1:
        with text.open() as stream:
            start = stream.read(_SAMPLE_BYTES)
        for delimiter in ("\t", ";", "|"):
            if delimiter.encode() not in start:
                raw = {"path": path, **properties, "dialect": {"delimiter": delimiter}}
                return open_text([file], _resource(path, raw["dialect"], raw))
    return text


def _dialect(text: Text, format_: str) -> dict[str, Any]:
    """What a descriptor has to say of how a text is split into rows and cells."""
    dialect: dict[str, Any] = {}
    if text.header.comments.start:
        dialect["commentChar"] = text.header.comments.start
    if text.dialect["delimiter"] != ("\t" if format_ == "tsv" else ","):
        dialect["delimiter"] = text.dialect["delimiter"]
    if text.dialect["skipinitialspace"] and len(text.header.labels) > 1:
        dialect["skipInitialSpace"] = True
    if text.header.rows not in ((), (1,)):
        dialect["headerRows"] = list(text.header.rows)
    return dialect


def _western(file: Path) -> str:
    """The encoding of most old files of Western Europe, if the file makes sense in it.

    Detectors take few accents for those of rarer encodings that differ in them alone.
    """
    with file.open("rb") as stream:
        start = stream.read(_SAMPLE_BYTES)
    try:
        text = start.decode(_WESTERN)
    except UnicodeDecodeError:
        return ""
    odd = {each for each in text if not each.isascii() and not each.isalpha()}
    return _WESTERN if odd <= _WESTERN_SIGNS else ""


def _whole(text: Text, width: int) -> tuple[pl.DataFrame, int]:
    """All rows as columns of text, and how many blank ones were left out."""
    import polars as pl

    names = [str(at) for at in range(width)]
    frames, blank = [pl.DataFrame(schema=dict.fromkeys(names, pl.String))], 0
    for batch in batches(text, width):
        if isinstance(batch, Frame):
            odd = [batch.record(index) for index in batch.uneven]
            frame = batch.even_columns
        else:
            odd = [each for each in batch.records if len(each.cells) != width or each.fault]
            even = [each.cells for each in batch.records if len(each.cells) == width]
            frame = frame_of(even, names)
        for record in odd:
            _refuse_odd(record, width)
            blank += 1
        frames.append(frame)
    whole = pl.concat(frames)
    is_blank = whole.select(pl.all_horizontal(pl.all() == "")).to_series()
    if is_blank.any():
        blank += int(is_blank.sum())
        whole = whole.filter(~is_blank)
    return whole, blank


def _refuse_odd(record: Record, width: int) -> None:
    if record.fault is not None:
        raise NotReadableError(
            say("line {line} has a quote out of place", line=record.line + record.fault.line)
        )
    if record.cells:
        raise NotReadableError(record.uneven(width))


def _parquet_table(file: Path, path: str) -> Undescribed:
    import polars as pl

    try:
        frame = pl.read_parquet(file, glob=False, hive_partitioning=False)
    except pl.exceptions.PolarsError as error:
        raise NotReadableError(say("it is no Parquet file that can be read")) from error
    labels = tuple(each.strip() for each in frame.columns)
    columns = {str(at): column for at, column in enumerate(frame)}
    return Undescribed(path, "", {"format": "parquet"}, labels, columns, frame.height, True)


def _foreign_tables(root: Path, path: str) -> Iterator[Undescribed]:
    ending = Path(path).suffix.lower()
    if ending in JSON_LINES_ENDINGS:
        properties = {"format": "jsonl", "dialect": {"json": {"keyed": True}}}
        yield _foreign_table(root, path, "", properties)
        return
    key, sheets = WORKBOOK_ENDINGS[ending], _sheets(root / path)
    for number, sheet in enumerate(sheets):
        properties = {"format": ending.removeprefix(".")}
        # The first sheet is read where none is named, by every program.
        if number or len(sheets) > 1:
            properties["dialect"] = {key: {"sheet": sheet}}
        try:
            yield _foreign_table(root, path, sheet if len(sheets) > 1 else "", properties)
        except EmptyError:
            if len(sheets) == 1:
                raise


def _sheets(file: Path) -> list[str]:
    try:
        if file.suffix.lower() == ".ods":
            import ezodf

            return [each.name for each in ezodf.opendoc(str(file)).sheets]
        import openpyxl

        book = openpyxl.load_workbook(file, read_only=True)
        try:
            # A sheet that is a chart alone has no rows.
            return [each.title for each in book.worksheets]
        finally:
            book.close()
    except OSError:
        raise
    except Exception as error:
        # Both libraries let whatever they stumble over through.
        raise NotReadableError(say("it is no workbook that can be read")) from error


def _foreign_table(root: Path, path: str, sheet: str, properties: dict[str, Any]) -> Undescribed:
    raw = {"name": "table", "path": path, "type": "table", **properties}
    package = Package(root, root / "datapackage.json", "", "", "", "", (), {"name": "undescribed"})
    every = frictionless_cells(package, _resource(path, properties.get("dialect", {}), raw))
    if not any(map(_has_something, every)):
        raise EmptyError(say("it is empty"))
    header = header_of_values(every)
    notes: list[str] = []
    dialect = {**properties.get("dialect", {})}
    if header.rows != (1,):
        dialect["headerRows"] = list(header.rows)
        notes.append(
            say("the header is taken to be row {rows}, below what is no table", rows=header.rows[0])
        )
    labels, rows = header.labels, every[header.content - 1 :]
    for number, row in enumerate(rows, start=header.content):
        if _has_something(row[len(labels) :]):
            template = mark("row {number} has {row} cells, not {width}")
            raise NotReadableError(say(template, number=number, row=len(row), width=len(labels)))
    body = [row for row in rows if _has_something(row)]
    if len(body) < len(rows):
        dialect["skipBlankRows"] = True
        notes.append(say("{rows} blank rows are skipped", rows=len(rows) - len(body)))
    if dialect:
        properties["dialect"] = dialect
    columns = {
        str(at): [row[at] if at < len(row) else None for row in body] for at in range(len(labels))
    }
    return Undescribed(path, sheet, properties, labels, columns, len(body), True, tuple(notes))


def _has_something(cells: Sequence[Any]) -> bool:
    return any(cell not in (None, "") for cell in cells)


def _resource(
    path: str, dialect: Mapping[str, Any], raw: Mapping[str, Any] | None = None
) -> Resource:
    return Resource("table", "", "", (path,), "utf-8", None, dialect, raw or {"path": path})
