"""Tables that frictionless reads for us: workbooks, JSON, inline data, archives, rare dialects.

A cell of theirs has a value before it has a text. It gets the text that its field would be
written with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ycd_opendata.errors import DataError, MissingExtraError, YcdError
from ycd_opendata.messages import say
from ycd_opendata.package.model import Field, Package, Resource, Schema
from ycd_opendata.package.tables.as_frictionless import frictionless_resource, unwarned
from ycd_opendata.package.tables.limits import RefusedError
from ycd_opendata.package.tables.opening import NotReadableError

if TYPE_CHECKING:
    import frictionless
    import pyarrow as pa

_ROWS_AT_ONCE = 10_000
_JSON = ("array", "geojson", "object")


def frictionless_rows(package: Package, resource: Resource, schema: Schema) -> Iterator[list[str]]:
    """The rows of a table as frictionless reads them, a cell a field in the schema's order.

    Raises DataError where it cannot be read, or a row is not valid; MissingExtraError where
    frictionless is not installed.
    """
    try:
        import frictionless
    except ImportError as error:
        raise MissingExtraError(
            say("reading table {resource!r}", resource=resource.name), "publish"
        ) from error

    try:
        with _exact(frictionless_resource(package, resource)) as table:
            if not isinstance(table, frictionless.resources.TableResource):
                raise DataError(
                    say("{resource!r} is no table", resource=resource.name), say("give it a schema")
                )
            described = {each.name: each for each in table.schema.fields}
            writers = [
                (each.name, _writer(each, described[each.name], schema)) for each in schema.fields
            ]
            for row in table.row_stream:
                if not row.valid:
                    raise _refused(resource, row, row.errors[0].note or row.errors[0].type)
                values = row.to_dict()
                try:
                    cells = [write(values.get(name)) for name, write in writers]
                except ValueError as reason:
                    hint = say("describe the field so that a text can hold its values")
                    raise _refused(resource, row, str(reason), hint) from reason
                yield cells
    except YcdError:
        raise
    except Exception as error:  # whatever the readers that frictionless calls stumble over
        is_other_text = getattr(getattr(error, "error", None), "type", "") == "encoding-error"
        why = say("its bytes are not {encoding}", encoding=resource.encoding)
        why = why if is_other_text else str(error)
        raise DataError(
            say("cannot read table {resource!r}: {error}", resource=resource.name, error=why),
            say("run `ycd validate`"),
        ) from error


def _exact(table: frictionless.Resource) -> frictionless.Resource:
    """A Parquet table with the cells that the file has; others as they are.

    frictionless reads it by the rows of a frame of pandas: there a gap is a number that is none,
    and a whole number beside others a float, which rounds it.
    """
    if table.format not in ("parquet", "parq") or table.remote:
        return table
    import frictionless
    import pyarrow as pa
    import pyarrow.parquet as pq
    from frictionless.formats.parquet import ParquetControl

    control = ParquetControl.from_dialect(table.dialect)
    path = str(table.normpath)
    try:
        frame = pq.read_schema(path).pandas_metadata or {}
    except (pa.ArrowException, ValueError, OSError):
        return table  # frictionless says what is wrong with it
    if any(isinstance(each, str) for each in frame.get("index_columns", ())):
        return table  # a column of it is an index of pandas

    def rows() -> Iterator[list[Any]]:
        content = pq.read_table(path, columns=control.columns, filters=control.filters or None)
        yield content.column_names
        for batch in content.to_batches(_ROWS_AT_ONCE):
            for cells in zip(*map(_cells_of_arrow, batch.columns), strict=True):
                yield list(cells)

    return frictionless.resources.TableResource(
        name=table.name, data=rows, format="inline", schema=table.schema, dialect=table.dialect
    )


def _cells_of_arrow(column: pa.Array) -> list[Any]:
    """The cells of a column; a float that is no number is a gap, as pandas writes gaps so."""
    import pyarrow as pa

    type_ = column.type
    if pa.types.is_timestamp(type_) and type_.unit == "ns":
        column = column.cast(pa.timestamp("us", type_.tz), safe=False)
    elif type_ == pa.time64("ns"):
        column = column.cast(pa.time64("us"), safe=False)
    return [None if each != each else each for each in column.to_pylist()]


def frictionless_cells(package: Package, resource: Resource) -> list[list[Any]]:
    """All rows of a table that has no schema yet, header included, as frictionless gives them.

    Raises NotReadableError where it cannot be read; MissingExtraError where frictionless is not
    installed.
    """
    try:
        with unwarned(), frictionless_resource(package, resource) as table:
            return [list(cells) for cells in table.cell_stream]
    except ImportError as error:
        raise MissingExtraError(
            say("reading {path!r}", path=resource.paths[0]), "publish"
        ) from error
    except (YcdError, RefusedError):
        raise
    except Exception as error:  # as above
        raise NotReadableError(say("it cannot be read: {error}", error=error)) from error


def _refused(resource: Resource, row: frictionless.Row, reason: str, hint: str = "") -> DataError:
    return DataError(
        say(
            "table {resource!r}, row {row}: {reason}",
            resource=resource.name,
            row=row.row_number,
            reason=reason,
        ),
        hint or say("run `ycd validate`"),
    )


def _writer(field: Field, described: frictionless.Field, schema: Schema) -> Callable[[Any], str]:
    """What writes a field's values as the texts that they are read back from.

    It raises ValueError for a value that no text of the field has.
    """
    read, write = described.create_cell_reader(), described.create_cell_writer()
    is_any = field.type == "any"
    is_json = field.type in _JSON or (field.type == "geopoint" and field.format != "default")
    has_missing = bool(schema.missing_values_of(field))
    nothing = schema.missing_text_of(field)

    def text(value: Any) -> str:
        if value is None or _is_no_time(value):
            if not has_missing:
                raise ValueError(
                    say(
                        "field {field!r} is empty, and no missing value is declared",
                        field=field.name,
                    )
                )
            return nothing
        if is_json:
            value = _in_json(value)
        written = _moments(value, field) or str(write(value)[0])
        if field.type == "year":
            written = written.zfill(4)
        if is_any:
            return written
        back, notes = read(written)
        # A number that is none is not equal to itself.
        back = _in_json(back) if is_json else back
        if notes or back is None or (back != value and back == back and value == value):
            raise ValueError(
                say(
                    "field {field!r}: {written!r} would not be read as {value}",
                    field=field.name,
                    written=written,
                    value=value,
                )
            )
        return written

    return text


def _in_json(value: Any) -> Any:
    """A value with the numbers inside of it as JSON has them: frictionless writes no decimals.

    It makes them itself, of places and of what stands in JSON.

    Raises ValueError where a number has more digits than a double.
    """
    if isinstance(value, dict):
        return {name: _number_in_json(each) for name, each in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_make"):
        return value._make(map(_number_in_json, value))
    return [*map(_number_in_json, value)] if isinstance(value, list) else value


def _number_in_json(value: Any) -> Any:
    if not isinstance(value, Decimal):
        return _in_json(value)
    near = float(value)
    if value not in (Decimal(near), Decimal(repr(near))):
        raise ValueError(say("{value} has more digits than a double holds", value=value))
    return near


def _is_no_time(value: object) -> bool:
    """Whether it is what pandas has where a time is missing, which is a time by its class."""
    return isinstance(value, date) and value != value


def _moments(value: Any, field: Field) -> str:
    """Days and times, one or a list, in the notation of their field; "" for anything else.

    frictionless drops fractions of a second.
    """
    if isinstance(value, list) and value and field.type == "list":
        items = [_moments(each, field.of_items) for each in value]
        return str(field.raw.get("delimiter", ",")).join(items) if all(items) else ""
    if not isinstance(value, date | time):
        return ""
    if field.format in ("default", "any"):
        return value.isoformat().replace("+00:00", "Z")
    return value.strftime(field.format)
