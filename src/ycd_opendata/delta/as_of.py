"""What was known on a day: records whose source had been published, promises still standing.

A record counts from the day on which its source was published. A date of publication of reduced
precision counts by its latest day, as before that nobody can say that the source was out; a
source without one is in no table as of any day.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from ycd_opendata.errors import UnknownNameError
from ycd_opendata.extension import Load
from ycd_opendata.loader.date_bounds import bounds_frame
from ycd_opendata.package.model import Package, Resource, Schema

if TYPE_CHECKING:
    import pandas as pd

_SOURCES = "sources"
_SOURCE = "source_id"
_PUBLISHED = "published_on"
_SUPERSEDED = "superseded_by"
_SEARCHED = "searched_on"


def known_by(day: datetime.date, package: Package, resource: Resource, load: Load) -> pd.DataFrame:
    """The records of a table that were known, and not superseded, by the end of a day.

    Raises UnknownNameError where the table's records have no source, so no day.
    """
    import pandas as pd

    if not _has_day(resource):
        dated = [each.name for each in package.resources if _has_day(each)]
        raise UnknownNameError("table with a date of publication", resource.name, dated)
    sources = load(_SOURCES)
    latest = bounds_frame(sources[_PUBLISHED])["latest"]
    published = set(sources.loc[latest <= pd.Timestamp(day), _SOURCE])
    frame = load(resource.name)
    known = frame[frame[_SOURCE].isin(published)]
    schema = resource.schema
    if schema is not None and schema.field(_SUPERSEDED) is not None:
        known = known[~_is_superseded(frame, known, schema)]
    return known.reset_index(drop=True)


def known_tables(day: datetime.date, package: Package, load: Load) -> Load:
    """A way to load the tables of a package as they were known by the end of a day.

    A search is known from the last day that its date allows; tables without a day are whole.
    """
    import pandas as pd

    def table(name: str) -> pd.DataFrame:
        resource = package.resource(name)
        if resource is not None and _has_day(resource):
            return known_by(day, package, resource, load)
        frame = load(name)
        if _SEARCHED in frame:
            latest = bounds_frame(frame[_SEARCHED])["latest"]
            return frame[latest <= pd.Timestamp(day)].reset_index(drop=True)
        return frame

    return table


def _has_day(resource: Resource) -> bool:
    """Whether a table is the sources', or names in each record the source that says so."""
    if resource.schema is None or not resource.paths:
        return False
    if resource.name == _SOURCES:
        return resource.schema.field(_PUBLISHED) is not None
    return any(
        key.fields == (_SOURCE,) and key.resource == _SOURCES
        for key in resource.schema.foreign_keys
    )


def _is_superseded(frame: pd.DataFrame, known: pd.DataFrame, schema: Schema) -> pd.Series[Any]:
    """Whether any of the later records in a known record's place was known too."""
    [key] = schema.primary_key
    successor = dict(zip(frame[key], frame[_SUPERSEDED].astype(object), strict=True))
    there = set(known[key])

    def superseded(record: str) -> bool:
        passed = {record}
        later = successor[record]
        while isinstance(later, str) and later not in passed:
            if later in there:
                return True
            passed.add(later)
            later = successor.get(later)
        return False

    return known[key].map(superseded).astype(bool)
