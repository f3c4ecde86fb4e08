"""Digital-transformation initiatives, targets and dates of the Yangtze River Delta.

>>> import ycd_opendata as ycd
>>> ycd.load("targets").columns[0]
'target_id'
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ycd_opendata.errors import (
    DataError,
    DateError,
    DeprecatedFieldWarning,
    ExtensionError,
    MissingExtraError,
    PackageError,
    ReleaseError,
    RetiredIdError,
    UnknownNameError,
    YcdError,
)
from ycd_opendata.messages import say

if TYPE_CHECKING:
    from ycd_opendata.api import DataPackage, Difference, diff, open_package, profile, validate
    from ycd_opendata.delta.load_functions import load, scoreboard, series
    from ycd_opendata.loader.citation import cite
    from ycd_opendata.loader.date_bounds import date_bounds
    from ycd_opendata.loader.loading import path
    from ycd_opendata.loader.overview import describe, tables
    from ycd_opendata.loader.releases import versions
    from ycd_opendata.validation.findings import Report
    from ycd_opendata.validation.pandera_schema import schema

    __version__: str

__all__ = [
    "DataError",
    "DataPackage",
    "DateError",
    "DeprecatedFieldWarning",
    "Difference",
    "ExtensionError",
    "MissingExtraError",
    "PackageError",
    "ReleaseError",
    "Report",
    "RetiredIdError",
    "UnknownNameError",
    "YcdError",
    "__version__",
    "cite",
    "date_bounds",
    "describe",
    "diff",
    "load",
    "open_package",
    "path",
    "profile",
    "schema",
    "scoreboard",
    "series",
    "tables",
    "validate",
    "versions",
]

_HOMES = {
    "DataPackage": "api",
    "Difference": "api",
    "Report": "validation.findings",
    "cite": "loader.citation",
    "date_bounds": "loader.date_bounds",
    "describe": "loader.overview",
    "diff": "api",
    "load": "loader.loading",
    "open_package": "api",
    "path": "loader.loading",
    "profile": "api",
    "schema": "validation.pandera_schema",
    "scoreboard": "delta.load_functions",
    "series": "delta.load_functions",
    "tables": "loader.overview",
    "validate": "api",
    "versions": "loader.releases",
}
"""The modules of functions, which are loaded at their first use: the command line needs few."""


def __getattr__(name: str) -> Any:
    """A function from its home; ``__version__`` from the one place that holds it, the data's."""
    if name == "__version__":
        from ycd_opendata.package.open_package import installed_package

        return installed_package().version
    if name not in _HOMES:
        raise AttributeError(
            say("module {name!r} has no attribute {kind!r}", name=__name__, kind=name)
        )
    globals()[name] = found = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
