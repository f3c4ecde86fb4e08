"""Tables that frictionless reads for us: workbooks, JSON, inline data, archives, rare dialects.

A cell of theirs has a value before it has a text. It gets the text that its field would be
written with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, time
from typing import TYPE_CHECKING, Any

from ycd_opendata.errors import DataError, MissingExtraError
from ycd_opendata.messages import say
from ycd_opendata.package.model import Field, Package, Resource, Schema
from ycd_opendata.package.tables.as_frictionless import frictionless_resource, unwarned
from ycd_opendata.package.tables.limits import RefusedError
from ycd_opendata.package.tables.opening import NotReadableError

if TYPE_CHECKING:
    import frictionless


def foreign_rows(package: Package, resource: Resource, schema: Schema) -> Iterator[list[str]]:
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
        with frictionless_resource(package, resource) as table:
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
    except (frictionless.FrictionlessException, RefusedError, OSError) as error:
        raise DataError(
            say("cannot read table {resource!r}: {error}", resource=resource.name, error=error),
            say("run `ycd validate`"),
        ) from error


def frictionless_cells(package: Package, resource: Resource) -> list[list[Any]]:
    """All rows of a table that has no schema yet, header included, as frictionless gives them.

    Raises NotReadableError where it cannot be read; MissingExtraError where frictionless is not
    installed.
    """
    try:
        import frictionless
    except ImportError as error:
        raise MissingExtraError(
            say("reading {path!r}", path=resource.paths[0]), "publish"
        ) from error

    try:
        with unwarned(), frictionless_resource(package, resource) as table:
            return [list(cells) for cells in table.cell_stream]
    except (frictionless.FrictionlessException, OSError) as error:
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
    has_missing = bool(schema.missing_values_of(field))
    nothing = missing_text(field, schema)

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
        written = _moment(value, field) if isinstance(value, date | time) else str(write(value)[0])
        if is_any:
            return written
        back, notes = read(written)
        # A number that is none is not equal to itself.
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


def _is_no_time(value: object) -> bool:
    """Whether it is what pandas has where a time is missing, which is a time by its class."""
    return isinstance(value, date) and value != value


def _moment(value: date | time, field: Field) -> str:
    """A day or time in the notation of its field; frictionless drops fractions of a second."""
    if field.format in ("default", "any"):
        return value.isoformat().replace("+00:00", "Z")
    return value.strftime(field.format)


def missing_text(field: Field, schema: Schema) -> str:
    """What a cell without a value is written as."""
    missing = schema.missing_values_of(field)
    return "" if "" in missing or not missing else missing[0]
