"""The file of a table, understood to the last quote, so that it can be written anew.

What has no meaning is made uniform: quotes only where a cell needs them, rows sorted by primary
key, no blank lines, a final line end. What the owner of a package chose stays: delimiter, quote
character, encoding, byte order mark, line ends.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from ycd_opendata.errors import DataError, UnknownNameError
from ycd_opendata.messages import mark, reason_of, say
from ycd_opendata.package.canonical import canonical_rows, csv_text
from ycd_opendata.package.files import resolve_inside
from ycd_opendata.package.model import Field, Package, Resource, Schema
from ycd_opendata.package.tables.pairing import AmbiguousHeaderError, pair
from ycd_opendata.package.tables.reader import numbered_rows
from ycd_opendata.package.tables.rows import Record, parse_rows
from ycd_opendata.package.tables.text_encoding import read_gbk
from ycd_opendata.suggestion import Edit

_MARK = "\ufeff"
_UNDERSTOOD = {
    *("delimiter", "quoteChar", "skipInitialSpace", "lineTerminator"),
    *("caseSensitiveHeader", "csvddfVersion", "headerCase", "$schema"),
}
"""Keys of a dialect that are understood, or that change no row."""
_UTF8 = ("utf-8", "utf8")
_USUAL = {"header": True, "headerRows": [1], "doubleQuote": True, "commentRows": []}
"""Keys that are understood where they say what holds anyway."""


@dataclass(frozen=True)
class Change:
    """A file whose new text differs from what it holds.

    ``read_as`` is the encoding that it was read in, where that is not the declared one.
    """

    path: str
    before: str
    after: str
    encoding: str = "utf-8"
    read_as: str = ""

    @property
    def is_needed(self) -> bool:
        """Whether the file is to be written at all."""
        return self.before != self.after or bool(self.read_as)


class Row(NamedTuple):
    """A row of a file: the physical line that it starts on, and its cells."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class TableFile:
    """A table as its file has it.

    ``fields`` are those of its columns: of the schema, or made of what the header calls one that
    the schema leaves out. ``rows`` are the rows below the header that are not blank. ``read_as``
    is the encoding that it was read in, where that is not the declared one.
    """

    resource: Resource
    schema: Schema
    path: str
    text: str
    encoding: str
    header: tuple[str, ...]
    fields: tuple[Field, ...]
    rows: tuple[Row, ...]
    is_canonical: bool
    read_as: str = ""

    @property
    def columns(self) -> list[str]:
        """The name of each column's field."""
        return [each.name for each in self.fields]

    def written(self, header: Sequence[str], body: Iterable[Sequence[str]]) -> Change:
        """The file with these rows, in the one way in which a table is written.

        Raises DataError where they cannot be written in its dialect, or would be read otherwise.
        """
        dialect = self.resource.dialect
        rows = [list(each) for each in canonical_rows(body, self.schema, self.columns)]
        line_end = "\n" if self.is_canonical or not _ends_with_crlf(self.text) else "\r\n"
        delimiter, quote = dialect.get("delimiter", ","), dialect.get("quoteChar", '"')
        try:
            after = csv_text([header, *rows], delimiter, quote, line_end)
        except csv.Error as error:
            raise DataError(
                say("its cells cannot be written in its dialect: {error}", error=error)
            ) from error
        try:
            after.encode(self.encoding)
        except UnicodeEncodeError as error:
            template = mark("its encoding {encoding} has no {character!r}")
            raise DataError(
                say(template, encoding=self.encoding, character=error.object[error.start])
            ) from error
        back = [row.cells for row in parse_rows(after, dialect, strict=True)]
        if back != [list(header), *rows]:
            raise DataError(say("written in its dialect its cells would be read otherwise"))
        begin = _MARK if self.text.startswith(_MARK) and not self.is_canonical else ""
        return Change(self.path, self.text, begin + after, self.encoding, self.read_as)


def why_not_written(resource: Resource) -> str:
    """Why a table has no file that can be written anew, or ""."""
    dialect = resource.dialect
    if resource.schema is None:
        return say("it has no schema")
    if len(resource.paths) != 1:
        return (
            say("it is in {paths} files", paths=len(resource.paths))
            if resource.paths
            else say("it is in no file")
        )
    path = resource.paths[0].lower()
    if "://" in path:
        return say("it is on the web")
    if resource.raw.get("compression") or resource.raw.get("innerpath"):
        return say("it is compressed")
    if not path.endswith(".csv") or str(resource.raw.get("format", "csv")).lower() != "csv":
        return say("it is no CSV file")
    odd = [
        key
        for key, value in dialect.items()
        if key not in _UNDERSTOOD and _USUAL.get(key, ...) != value
    ]
    return say("its dialect has {odd}", odd=", ".join(sorted(odd))) if odd else ""


def read_table_file(package: Package, resource: Resource) -> TableFile:
    """Read the file of a table that ``why_not_written`` has nothing against.

    Raises DataError where it is not understood to the last quote, or validation would read other
    rows in it; UnsafePathError where its path leaves the package.
    """
    schema = resource.schema
    assert schema is not None
    path = resolve_inside(package.root, resource.paths[0], package.descriptor_path.name)
    text, read_as = _read(path, resource)
    rows = parse_rows(text.removeprefix(_MARK), resource.dialect, strict=True)
    if not rows:
        raise DataError(say("it is empty, without a header"))
    header = tuple(rows[0].cells)
    fields = _fields(header, resource, schema)
    _refuse_uneven(rows, len(fields))
    if read_as:
        with _rewritten(package, resource, text) as copy:
            _refuse_other_reading(copy, resource, rows)
    else:
        _refuse_other_reading(package, resource, rows)
    return TableFile(
        resource=resource,
        schema=schema,
        path=resource.paths[0],
        text=text,
        encoding=resource.encoding,
        header=header,
        fields=fields,
        rows=tuple(Row(each.line, tuple(each.cells)) for each in rows[1:] if each.cells),
        is_canonical=package.settings.validate.canonical,
        read_as=read_as,
    )


@contextmanager
def _rewritten(package: Package, resource: Resource, text: str) -> Iterator[Package]:
    """A package that has a table's text in the encoding that is declared for it."""
    with tempfile.TemporaryDirectory(prefix="ycd-") as name:
        path = Path(name, resource.paths[0])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode(resource.encoding))
        yield replace(package, root=Path(name))


def _read(path: Path, resource: Resource) -> tuple[str, str]:
    """The text of a file, if its bytes are the ones that its text makes.

    The second is the encoding that it is in, where that is not the declared one.
    """
    encoding = resource.encoding
    try:
        content = path.read_bytes()
        text = content.decode(encoding)
    except OSError as error:
        raise DataError(say("it cannot be read ({reason})", reason=reason_of(error))) from error
    except LookupError as error:
        raise DataError(say("nobody knows its encoding {encoding!r}", encoding=encoding)) from error
    except UnicodeDecodeError as error:
        chinese = read_gbk(content) if encoding.lower() in _UTF8 else None
        if chinese is not None:
            return chinese, "gb18030"
        line = content.count(b"\n", 0, error.start) + 1
        message = say(
            "line {line}, byte {start} of the file is not {encoding}",
            line=line,
            start=error.start + 1,
            encoding=encoding,
        )
        raise DataError(message, say("save it so, or declare the encoding that it has")) from error
    except UnicodeError as error:
        raise DataError(say("nobody knows its encoding {encoding!r}", encoding=encoding)) from error
    if text.encode(encoding) != content:
        raise DataError(say("its bytes are {encoding} in an unusual way", encoding=encoding))
    return text, ""


def _fields(header: Sequence[str], resource: Resource, schema: Schema) -> tuple[Field, ...]:
    """The field of each column.

    Raises DataError where the header is not the schema's.
    """
    labels = [each.strip() for each in header]
    if not labels:
        raise DataError(say("its header is not in its first line"))
    try:
        pairing = pair(labels, schema, ignore_case=resource.ignores_case)
    except AmbiguousHeaderError as error:
        raise DataError(say("its header is ambiguous: {error}", error=error)) from error
    if pairing.faults:
        fault = pairing.faults[0]
        shown = fault.label or fault.field
        raise DataError(
            say("its header is not its schema's: {code} {shown!r}", code=fault.code, shown=shown)
        )
    return pairing.fields


def _refuse_other_reading(package: Package, resource: Resource, rows: Sequence[Record]) -> None:
    """Raise DataError unless the rows are those that the table is validated and published with."""
    here = [row.cells for row in rows if row.cells]
    there = [record.cells for record in numbered_rows(package, resource) if record.cells]
    if here != there:
        raise DataError(say("validation reads other rows in it"), say("declare its dialect"))


def _refuse_uneven(rows: Sequence[Record], width: int) -> None:
    for row in rows:
        if row.cells and len(row.cells) != width:
            template = mark("line {line} has {cells} cells, expected {width}")
            raise DataError(say(template, line=row.line, cells=len(row.cells), width=width))


def _ends_with_crlf(text: str) -> bool:
    """Whether the first line ends so: the others are made to end like it."""
    end = text.find("\n")
    return end > 0 and text[end - 1] == "\r"


def edited(package: Package, edit: Edit, cells: Mapping[str, str]) -> Change:
    """The file of a table with an edit; ``cells`` are set beside those of the edit.

    Raises UnknownNameError where the table has no such field; DataError where the table cannot be
    written, or the record is not there, or there is more than one.
    """
    resource = package.resource(edit.table)
    if resource is None:
        raise UnknownNameError("table", edit.table, [each.name for each in package.resources])
    why = why_not_written(resource)
    if why:
        raise DataError(say("{table} cannot be written: {why}", table=edit.table, why=why))
    table = read_table_file(package, resource)
    wanted = {**edit.cells, **cells}
    for name in wanted:
        if name not in table.columns:
            raise UnknownNameError("field", name, table.columns)
    rows = [list(row.cells) for row in table.rows]
    row = rows[place_of(table, edit)] if edit.where else _new(rows, table)
    for name, text in wanted.items():
        row[table.columns.index(name)] = text
    return table.written(table.header, rows)


def place_of(table: TableFile, edit: Edit) -> int:
    """Where the one record that an edit changes stands among the rows.

    Raises DataError where it is not there, or there is more than one.
    """
    wanted = {table.columns.index(name): text for name, text in edit.where.items()}
    places = [
        place
        for place, row in enumerate(table.rows)
        if all(row.cells[at] == text for at, text in wanted.items())
    ]
    if len(places) != 1:
        found = say("it is not there") if not places else say("there is more than one")
        which = ", ".join(f"{name}={text}" for name, text in edit.where.items())
        template = mark("{table}: no single record has {which}: {found}")
        raise DataError(say(template, table=edit.table, which=which, found=found))
    return places[0]


def _new(rows: list[list[str]], table: TableFile) -> list[str]:
    rows.append([table.schema.missing_text_of(each) for each in table.fields])
    return rows[-1]
