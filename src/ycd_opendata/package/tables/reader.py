"""A table's rows for every use: publishing, comparing, formatting, loading, the site.

They are the rows that the validator judged, read by the same code: cells as texts, one a field in
the order of the schema, whatever the file has. A table that nobody here can read so is refused in
one sentence, before any of it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from ycd_opendata.errors import DataError
from ycd_opendata.messages import mark, reason_of, say
from ycd_opendata.package.files import is_address, resolve_inside
from ycd_opendata.package.model import Package, Resource, Schema
from ycd_opendata.package.tables.as_frictionless import parquet_parts
from ycd_opendata.package.tables.batches import Frame, batches, frame_of
from ycd_opendata.package.tables.frictionless_rows import frictionless_cells, frictionless_rows
from ycd_opendata.package.tables.header import SAMPLE_ROWS, find_header
from ycd_opendata.package.tables.limits import RefusedError
from ycd_opendata.package.tables.opening import (
    EmptyError,
    NotReadableError,
    Text,
    guessed_encoding,
    open_text,
)
from ycd_opendata.package.tables.pairing import AmbiguousHeaderError, Pairing, pair
from ycd_opendata.package.tables.rows import Record, records
from ycd_opendata.package.tables.text_encoding import UnreadableEncodingError

if TYPE_CHECKING:
    import polars as pl

_ROWS_AT_ONCE = 10_000


@dataclass(frozen=True)
class TableReader:
    """A table that can be read, from its start, as often as it is asked.

    ``rows`` gives lists of texts, and ``frames`` frames of text columns named like the fields;
    both raise DataError where the table is not valid. ``parts`` give the frames of each file,
    where there are several that can be told apart.
    """

    resource: Resource
    schema: Schema
    rows: Callable[[], Iterator[Sequence[str]]]
    frames: Callable[[], Iterator[pl.DataFrame]]
    parts: tuple[Callable[[], Iterator[pl.DataFrame]], ...] = ()


def read_table(package: Package, resource: Resource) -> TableReader:
    """Make ready to read a table.

    Raises DataError where it has no schema, is missing or remote, or its header or encoding is not
    to be trusted; UnsafePathError where a path leaves the package.
    """
    schema = resource.schema
    if schema is None:
        raise DataError(
            say("{resource!r} has no schema, so it is no table", resource=resource.name),
            say("give it one"),
        )
    text = _text(package, resource)
    if text is None:
        return _foreign_table(package, resource, schema)
    pairing = _paired(text, resource, schema)
    if pairing.faults:
        fault = pairing.faults[0]
        label = fault.field or fault.label
        raise _refused(
            resource, say("{code} {field!r} in its header", code=fault.code, field=label)
        )
    places = pairing.places(schema)
    for each, at in zip(schema.fields, places, strict=True):
        if at is None and not schema.missing_values_of(each):
            raise _refused(
                resource,
                say("it has no column {name!r}, and no missing value is declared", name=each.name),
                say('declare "missingValues"'),
            )
    none = tuple(schema.missing_text_of(each) for each in schema.fields)
    table = _TextTable(resource, schema, places, none, len(pairing.fields))
    # Comments by their number are counted through all files, so that no file is read alone.
    alone = () if text.header.comments.numbers else text.parts()
    frames, *parts = (partial(table.frames, each) for each in (text, *alone))
    return TableReader(resource, schema, partial(table.rows, text), frames, tuple(parts))


def _foreign_table(package: Package, resource: Resource, schema: Schema) -> TableReader:
    files = parquet_parts(resource)
    sources = [partial(frictionless_rows, package, each, schema) for each in files or (resource,)]
    frames = [partial(_framed, each, schema) for each in sources]
    return TableReader(
        resource,
        schema,
        lambda: chain.from_iterable(each() for each in sources),
        lambda: chain.from_iterable(each() for each in frames),
        tuple(frames) if files else (),
    )


def numbered_rows(package: Package, resource: Resource) -> Iterator[Record]:
    """The rows of a table of text as they stand, header included, with numbers and lines.

    Raises DataError where only frictionless reads it, so its rows stand on no lines; or it cannot
    be read.
    """
    text = _text(package, resource)
    if text is None:
        raise _refused(resource, say("it is not plain text"))
    with _saying_why(resource):
        yield from records(text, 0)


def rows_to_judge(package: Package, resource: Resource) -> tuple[list[str], Iterator[Record]]:
    """The labels of a table and its rows as they stand, right or wrong, with their numbers.

    Of a table that only frictionless reads, a cell is shown as Python does, and no line is known.

    Raises DataError where it cannot be read.
    """
    text = _text(package, resource)
    if text is not None:
        labels = list(text.header.labels) or list(
            resource.schema.field_names if resource.schema else ()
        )
        return labels, _judged_texts(text, resource)
    try:
        rows = frictionless_cells(package, resource)
    except NotReadableError as reason:
        raise _refused(resource, str(reason)) from reason
    shown = [["" if cell is None else str(cell) for cell in row] for row in rows]
    header = find_header(shown[:SAMPLE_ROWS], resource.dialect)
    content = enumerate(shown[header.content - 1 :], start=header.content)
    return list(header.labels), (Record(number, 0, cells) for number, cells in content)


def _judged_texts(text: Text, resource: Resource) -> Iterator[Record]:
    with _saying_why(resource):
        yield from records(text)


def column_places(package: Package, resource: Resource) -> dict[str, int]:
    """The column of each field that a table of text has; errors as in ``numbered_rows``."""
    text, schema = _text(package, resource), resource.schema
    if text is None or schema is None:
        raise _refused(resource, say("it is not plain text with a schema"))
    places = _paired(text, resource, schema).places(schema)
    return {name: at for name, at in zip(schema.field_names, places, strict=True) if at is not None}


def _paired(text: Text, resource: Resource, schema: Schema) -> Pairing:
    try:
        return pair(text.header.labels, schema, ignore_case=resource.ignores_case)
    except AmbiguousHeaderError as reason:
        raise _refused(resource, str(reason)) from reason


def local_paths(package: Package, resource: Resource) -> list[Path]:
    """The files of a table, each inside of the package.

    Raises DataError where it has none, one is missing, or one is on the web; UnsafePathError where
    a path leaves the package.
    """
    if not resource.paths:
        raise _refused(resource, say("it has neither a file nor data"))
    if remote := [each for each in resource.paths if is_address(each)]:
        what = say("it is on the web, at {remote}", remote=remote[0])
        raise _refused(resource, what, say("keep a copy of it in the package's folder"))
    named_in = package.descriptor_path.name
    paths = [resolve_inside(package.root, each, named_in) for each in resource.paths]
    for path, shown in zip(paths, resource.paths, strict=True):
        if not path.is_file():
            raise _refused(resource, say("its file {shown!r} is missing", shown=shown))
    return paths


def _text(package: Package, resource: Resource) -> Text | None:
    """The table as text, None where only frictionless reads it."""
    if "data" in resource.raw:
        return None
    paths = local_paths(package, resource)
    try:
        text = open_text(paths, resource)
    except EmptyError as reason:
        raise _refused(resource, say("its file is empty")) from reason
    except NotReadableError:
        text = None
    except (RefusedError, OSError) as reason:
        raise _refused(resource, reason_of(reason)) from reason
    try:
        name = guessed_encoding(paths, resource) if text is None else text.encoding
    except (OSError, UnreadableEncodingError):
        return None
    if name if text is None else text.is_guess:
        hint = mark('declare its encoding ("encoding": "{encoding}", if that is right)')
        what = say("it is not UTF-8, and nobody says that it is {encoding}", encoding=name)
        raise _refused(resource, what, say(hint, encoding=name))
    if text is not None and text.odd_parts:
        shown, first = resource.paths[text.odd_parts[0]], resource.paths[0]
        template = mark("{shown} does not start with the header of {first}")
        raise _refused(resource, say(template, shown=shown, first=first))
    return text


@dataclass(frozen=True)
class _TextTable:
    """How the rows of a table of text become those of its schema.

    ``places`` are the columns of the fields, ``none`` what stands for a field without one, and
    ``width`` says how many cells a row has.
    """

    resource: Resource
    schema: Schema
    places: tuple[int | None, ...]
    none: tuple[str, ...]
    width: int

    def rows(self, text: Text) -> Iterator[Sequence[str]]:
        """The rows of the table, or of a part of it; a blank line is no record."""
        in_order = list(self.places) == list(range(self.width))
        with _saying_why(self.resource):
            for record in records(text):
                if record.cells:
                    self._refuse_odd(record)
                    yield record.cells if in_order else self._picked(record.cells)

    def frames(self, text: Text) -> Iterator[pl.DataFrame]:
        """The same as frames."""
        import polars as pl

        columns = [
            (pl.lit(empty) if at is None else pl.col(str(at))).alias(name)
            for name, at, empty in zip(self.schema.field_names, self.places, self.none, strict=True)
        ]
        with _saying_why(self.resource):
            for batch in batches(text, self.width):
                if isinstance(batch, Frame):
                    frame = self._even(batch)
                else:
                    kept = [each for each in batch.records if each.cells]
                    for record in kept:
                        self._refuse_odd(record)
                    names = [str(at) for at in range(self.width)]
                    frame = frame_of([each.cells for each in kept], names)
                yield frame.select(columns)

    def _picked(self, cells: Sequence[str]) -> Sequence[str]:
        places = zip(self.places, self.none, strict=True)
        return [empty if at is None else cells[at] for at, empty in places]

    def _even(self, batch: Frame) -> pl.DataFrame:
        """The columns of a frame without its blank lines."""
        for index in batch.uneven:
            record = batch.record(index)
            if record.cells:
                self._refuse_odd(record)
        return batch.even_columns

    def _refuse_odd(self, record: Record) -> None:
        if record.fault is not None and record.fault.code == "unclosed-quote":
            line = record.line + record.fault.line
            reason = say(
                "the quote that opens in line {line} is not closed where it ends", line=line
            )
            raise _refused(self.resource, reason)
        if len(record.cells) != self.width:
            raise _refused(self.resource, record.uneven(self.width))


def _framed(rows: Callable[[], Iterator[Sequence[str]]], schema: Schema) -> Iterator[pl.DataFrame]:
    source = rows()
    while some := list(islice(source, _ROWS_AT_ONCE)):
        yield frame_of(some, schema.field_names)


@contextmanager
def _saying_why(resource: Resource) -> Iterator[None]:
    try:
        yield
    except (NotReadableError, RefusedError, OSError) as reason:
        raise _refused(resource, reason_of(reason)) from reason


def _refused(resource: Resource, reason: str, hint: str = "") -> DataError:
    return DataError(
        say("cannot read table {resource!r}: {reason}", resource=resource.name, reason=reason),
        hint or say("run `ycd validate`"),
    )
