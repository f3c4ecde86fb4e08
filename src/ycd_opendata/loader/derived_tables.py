"""What a package's extension makes of its tables: those that are computed, and suggestions."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ycd_opendata.errors import DataError, YcdError
from ycd_opendata.extension import DerivedTable, Load
from ycd_opendata.extension_loading import extension_of
from ycd_opendata.messages import say
from ycd_opendata.package.files import read_json, resolve_inside
from ycd_opendata.package.model import Package, Resource
from ycd_opendata.package.reading import parse_schema
from ycd_opendata.suggestion import Suggestion

if TYPE_CHECKING:
    import pandas as pd


def derived_table(package: Package, resource: Resource) -> DerivedTable | None:
    """How a resource is computed; None where it holds its rows itself, as in a release."""
    if resource.paths or "data" in resource.raw:
        return None
    return extension_of(package).derived_table(resource.name)


def derived_resource(package: Package, name: str) -> Resource | None:
    """A derived table that a package has everything for, described like any other."""
    table = extension_of(package).derived_table(name)
    there = {each.name for each in package.resources}
    return None if table is None or not there >= {*table.needs} else _resource(package, table)


def derived_resources(package: Package) -> dict[str, Resource]:
    """The derived tables that a package has everything for, and does not hold itself."""
    names = (each.name for each in extension_of(package).derived_tables)
    found = (derived_resource(package, name) for name in names if package.resource(name) is None)
    return {each.name: each for each in found if each is not None}


def own_tables(package: Package) -> dict[str, Resource]:
    """The resources that a package holds itself; what is derived when published follows of them."""
    derived = {each.name for each in extension_of(package).derived_tables}
    return {each.name: each for each in package.resources if each.name not in derived}


def compute(
    table: DerivedTable, resource: Resource, load: Load, day: datetime.date
) -> pd.DataFrame:
    """A derived table as of a day, its columns those of its schema.

    Raises DataError where it cannot be computed of these tables.
    """
    with _computing(say("table {name!r}", name=table.name)):
        frame = table.compute(load, day)
    assert resource.schema is not None
    return frame[list(resource.schema.field_names)].apply(_in_plain_digits)


def suggestions_of(package: Package, load: Load) -> tuple[Suggestion, ...]:
    """What the extension of a package suggests; nothing where it suggests nothing.

    Raises DataError where it cannot be told of these tables.
    """
    make = extension_of(package).suggestions
    with _computing(say("what is suggested")):
        return () if make is None else tuple(make(package, load))


@contextmanager
def _computing(what: str) -> Iterator[None]:
    """What an extension makes of tables is made of valid ones only: others may break it."""
    try:
        yield
    except (YcdError, MemoryError):
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise DataError(
            say("{what} cannot be computed ({reason})", what=what, reason=reason),
            say("run `ycd validate`: it takes valid tables"),
        ) from error


def _in_plain_digits(column: pd.Series[Any]) -> pd.Series[Any]:
    """Figures to fifteen digits: a product of decimals has no noise behind them as a float has.

    A spreadsheet keeps no more of them either.
    """
    if column.dtype.kind != "f" or column.dtype != "float64":
        return column
    return column.map(lambda each: float(f"{each:.15g}"), na_action="ignore")


def _resource(package: Package, table: DerivedTable) -> Resource:
    text = table.schema
    schema = parse_schema(read_json(resolve_inside(package.root, text, text), text))
    title, description = (str(schema.raw.get(key, "")) for key in ("title", "description"))
    said = {
        key: text for key, text in schema.raw.items() if key.startswith(("title", "description"))
    }
    raw = {"name": table.name, **said}
    return Resource(table.name, title, description, (), "utf-8", schema, {}, raw)
