"""What a package has: its tables, and the columns of each as its Table Schema describes them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd

from ycd_opendata.errors import DataError, YcdError
from ycd_opendata.loader.loading import (
    Language,
    find_resource,
    load_table,
    table_resources,
    tables_of,
)
from ycd_opendata.messages import say
from ycd_opendata.package.model import Package, in_language
from ycd_opendata.package.open_package import installed_package
from ycd_opendata.package.tables.undescribed import ENDINGS


def tables(*, lang: Language = "en") -> pd.DataFrame:
    """The tables that can be loaded.

    Returns
    -------
    pandas.DataFrame
        ``name``, ``title`` and ``description`` (in the language) and ``rows``, one row a table.
    """
    return list_tables(installed_package(), lang=lang)


def list_tables(
    package: Package, unread: Callable[[YcdError], None] | None = None, *, lang: Language = "en"
) -> pd.DataFrame:
    """The tables of any package; as ``tables``.

    A file without a schema is one if its name says so. ``unread`` is given the error of each table
    that cannot be read, whose ``rows`` are then missing; without it the first such error is raised.
    """
    resources = {
        name: each
        for name, each in table_resources(package).items()
        if each.is_table or any(path.lower().endswith(ENDINGS) for path in each.paths)
    }
    # What others are derived from is read once; without such tables none has to be kept.
    is_plain = len(resources) == len(package.resources)
    load = partial(load_table, package) if is_plain else tables_of(package)
    listed = []
    for name, resource in resources.items():
        try:
            rows: int | None = len(load(name))
        except YcdError as error:
            if unread is None:
                raise
            unread(error)
            rows = None
        texts = (in_language(resource.raw, key, lang) for key in ("title", "description"))
        listed.append((name, *texts, rows))
    frame = pd.DataFrame(listed, columns=["name", "title", "description", "rows"])
    return frame if unread is None else frame.astype({"rows": "Int64"})


def describe(table: str, *, lang: Language = "en") -> pd.DataFrame:
    """The columns of a table, as its Table Schema describes them.

    Returns
    -------
    pandas.DataFrame
        ``name``, ``type``, ``unit``, ``title`` and ``description`` (in the language),
        ``required``, ``values`` (the allowed ones, where they are listed) and ``deprecated``
        (what to use instead, and the version that removes it), one row a column.

    Raises
    ------
    UnknownNameError
        No such table.
    """
    return describe_table(installed_package(), table, lang=lang)


def describe_table(package: Package, table: str, *, lang: Language = "en") -> pd.DataFrame:
    """The columns of a table of any package; as ``describe``.

    Raises UnknownNameError where there is no such table; DataError where it has no schema.
    """
    schema = find_resource(package, table).schema
    if schema is None:
        raise DataError(
            say("table {table!r} has no schema", table=table), say("add one to its resource")
        )
    fields = schema.fields
    columns = {
        "name": [each.name for each in fields],
        "type": [each.type for each in fields],
        "unit": [each.unit for each in fields],
        "title": [in_language(each.raw, "title", lang) for each in fields],
        "description": [in_language(each.raw, "description", lang) for each in fields],
        "required": [schema.is_filled(each) for each in fields],
        "values": [", ".join(map(str, each.constraints.get("enum", ()))) for each in fields],
        "deprecated": [str(each.deprecation or "") for each in fields],
    }
    return pd.DataFrame(columns)
