"""Digital-transformation initiatives, targets and dates of the Yangtze River Delta.

>>> import ycd_opendata as ycd
>>> ycd.load("targets").columns[0]
'target_id'
"""

from typing import TYPE_CHECKING

from ycd_opendata.errors import (
    DataError,
    DateError,
    DeprecatedFieldWarning,
    MissingExtraError,
    PackageError,
    ReleaseError,
    RetiredIdError,
    UnknownNameError,
    YcdError,
)
from ycd_opendata.loader.bounds import date_bounds
from ycd_opendata.loader.citation import cite
from ycd_opendata.loader.releases import versions
from ycd_opendata.loader.tables import describe, load, path, scoreboard, tables
from ycd_opendata.validation.frame_schema import schema

if TYPE_CHECKING:
    __version__: str

__all__ = [
    "DataError",
    "DateError",
    "DeprecatedFieldWarning",
    "MissingExtraError",
    "PackageError",
    "ReleaseError",
    "RetiredIdError",
    "UnknownNameError",
    "YcdError",
    "__version__",
    "cite",
    "date_bounds",
    "describe",
    "load",
    "path",
    "schema",
    "scoreboard",
    "tables",
    "versions",
]


def __getattr__(name: str) -> str:
    """``__version__`` is the data's version, read from the one place that holds it."""
    if name == "__version__":
        from ycd_opendata.package.location import installed_package

        return installed_package().version
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
