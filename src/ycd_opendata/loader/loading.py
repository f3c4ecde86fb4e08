"""The loader: the installed tables by name, typed by their schemas.

Works offline, from any folder. Everything heavy is imported inside the functions, so that
``import ycd_opendata`` costs nothing.
"""

from __future__ import annotations

import datetime
import warnings
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ycd_opendata.errors import DeprecatedFieldWarning, UnknownNameError
from ycd_opendata.extension import Load
from ycd_opendata.extension_loading import extension_of
from ycd_opendata.loader.date_bounds import Day, parse_day
from ycd_opendata.loader.derived_tables import (
    compute,
    derived_resource,
    derived_resources,
    derived_table,
)
from ycd_opendata.loader.frames import read_pandas, to_polars
from ycd_opendata.loader.releases import release
from ycd_opendata.loader.retired import current_ids, select
from ycd_opendata.messages import mark, say
from ycd_opendata.package.model import Package, Resource
from ycd_opendata.package.open_package import installed_package

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

Engine = Literal["pandas", "polars"]
Language = Literal["en", "zh"]


def table_resources(package: Package) -> dict[str, Resource]:
    """The tables of a package by name, the derived ones included."""
    return {each.name: each for each in package.resources} | derived_resources(package)


def find_resource(package: Package, table: str) -> Resource:
    """One table of a package.

    Raises UnknownNameError where the package has no such table.
    """
    found = package.resource(table) or derived_resource(package, table)
    if found is None:
        raise UnknownNameError("table", table, table_resources(package))
    return found


def load_table(package: Package, table: str, load: Load | None = None) -> pd.DataFrame:
    """The typed pandas frame of one table of any package; errors as in ``load``.

    ``load`` gives the tables that a derived one is computed from, where they are at hand.
    """
    resource = find_resource(package, table)
    derived = derived_table(package, resource)
    if derived is not None:
        today = datetime.date.fromisoformat(package.created[:10])
        return compute(derived, resource, load or tables_of(package), today)
    return read_pandas(package, resource)


def tables_of(package: Package) -> Load:
    """A way to load the tables of a package by name, each once; errors as in ``load``."""

    @cache
    def load(table: str) -> pd.DataFrame:
        return load_table(package, table, load)

    return load


def load(
    table: str,
    *,
    engine: Engine = "pandas",
    lang: Language | None = None,
    version: str | None = None,
    as_of: Day | None = None,
    ids: str | Iterable[str] | None = None,
) -> pd.DataFrame | pl.DataFrame:
    """Load a table as a frame typed by its Table Schema.

    Codes and partial dates stay text, dates are dates, whole numbers with gaps stay whole
    numbers, and only an empty cell is missing.

    Parameters
    ----------
    table : str
        A table's name; ``tables()`` lists them.
    engine : {"pandas", "polars"}
        The kind of frame; polars needs the extra ``ycd-opendata[polars]``.
    lang : {"en", "zh"}, optional
        Keep one language of the columns that come in both, and call ``name_en`` just ``name``.
    version : str, optional
        An older release, such as ``"1.0.0"``, from the catalogue that the environment variable
        ``YCD_CATALOGUE`` names; ``versions()`` lists them. The default is the installed data.
    as_of : str or datetime.date, optional
        Only what was known by the end of this day: records whose source had been published, and
        no target that another known one had superseded. A date of publication such as ``2023``
        counts by its latest day, and so does ``as_of`` itself; without a date of publication a
        source counts as not yet published. ``superseded_by`` stays as it is, and may name a
        target that was set later. For ``sources`` and the tables with a ``source_id``.
    ids : str or iterable of str, optional
        Only these records, one row an id in the order of the ids. An id that was retired gives
        the record that took its place.

    Returns
    -------
    pandas.DataFrame or polars.DataFrame
        One row a record, in the order of the primary key.

    Raises
    ------
    UnknownNameError
        No such table, engine, language, version or id; or ``as_of`` for a table without a source.
    DateError
        ``as_of`` is no day.
    RetiredIdError
        An id was retired, and nothing took its place.
    ReleaseError
        A file of the older release is not what its checksum says.
    PackageError
        No catalogue is named, or it cannot be reached.
    MissingExtraError
        polars is asked for and not installed.

    Warns
    -----
    DeprecatedFieldWarning
        A column goes in a later version.

    Examples
    --------
    >>> load("regions", lang="en").set_index("region_id")["name"]["CN-SH"]
    'Shanghai'
    """
    if engine not in ("pandas", "polars"):
        raise UnknownNameError("engine", engine, ("pandas", "polars"))
    if lang not in (None, "en", "zh"):
        raise UnknownNameError("language", lang, ("en", "zh"))
    package = installed_package() if version is None else release(version)
    resource = find_resource(package, table)
    frame, schema = _selected(package, resource, as_of, ids), resource.schema
    assert schema is not None
    names = one_language(list(frame.columns), lang)
    for field in schema.fields:
        if field.name in names and field.deprecation is not None:
            template = mark("field {field!r} of {table!r} is deprecated: {how}")
            _warn_once(say(template, field=field.name, table=table, how=field.deprecation))
    if engine == "pandas":
        return frame[list(names)].rename(columns=names)
    return to_polars(frame, schema).select(list(names)).rename(names)


@lru_cache
def _warn_once(message: str) -> None:
    """Warn whoever calls ``load``; Python's own memory of warnings is lost each time in pandas."""
    warnings.warn(message, DeprecatedFieldWarning, stacklevel=3)


def _selected(
    package: Package, resource: Resource, as_of: Day | None, ids: str | Iterable[str] | None
) -> pd.DataFrame:
    """A table, or those of its records that are asked for."""

    table = tables_of(package)

    wanted = None if ids is None else current_ids(ids, package, resource, table)
    when = ""
    if as_of is None:
        frame = table(resource.name)
    else:
        day = parse_day(as_of)
        when = say(" as of {day}", day=day)
        frame = _known(day, package, resource, table)
    return frame if wanted is None else select(frame, wanted, resource, when)


def _known(day: datetime.date, package: Package, resource: Resource, table: Load) -> pd.DataFrame:
    """A table as it was known by the end of a day."""
    as_of = extension_of(package).as_of
    if as_of is None:
        raise UnknownNameError("table with a date of publication", resource.name, ())
    derived = derived_table(package, resource)
    if derived is None:
        return as_of.table(day, package, resource, table)
    return compute(derived, resource, as_of.tables(day, package, table), day)


def one_language(columns: list[str], lang: Language | None) -> dict[str, str]:
    """Which columns one language keeps, and what it calls them.

    A column that comes in the other language only is kept as it is.
    """
    if lang is None:
        return {name: name for name in columns}
    own, other = (f"_{lang}", "_zh" if lang == "en" else "_en")
    kept = {}
    for name in columns:
        stem = name.removesuffix(other)
        if name.endswith(other) and f"{stem}{own}" in columns:
            continue
        kept[name] = name.removesuffix(own)
    return kept


def path(table: str, format: str = "csv") -> Path:
    """The file of a table on this disk, to hand to another tool. Do not write to it.

    Raises
    ------
    UnknownNameError
        No such table, or it is not installed in this format (CSV only; a derived table has
        no file: load it and save it).
    """
    package = installed_package()
    with_file = {each.name: each for each in package.resources}
    if table not in with_file:
        raise UnknownNameError("table with a file", table, with_file)
    if format != "csv":
        raise UnknownNameError("installed format", format, ("csv",))
    return package.path(with_file[table])
