"""``load`` as an editor sees it: it completes the names of the tables.

The names are those of the descriptor and of the derived tables, which a test holds them to. Any
other text is allowed too: an older release may have other tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, overload

__all__ = ["TableName", "load"]

TableName = Literal[
    "agreement",
    "assessments",
    "coverage",
    "dates",
    "domains",
    "evidence",
    "glossary",
    "indicators",
    "initiatives",
    "outcomes",
    "outlooks",
    "regions",
    "retired_ids",
    "scoreboard",
    "searches",
    "second_readings",
    "series",
    "sources",
    "targets",
    "units",
]
"""The tables of the installed data."""


if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    import polars as pl

    from ycd_opendata.loader.bounds import Day
    from ycd_opendata.loader.loading import Language

    @overload
    def load(
        table: TableName | str,
        *,
        engine: Literal["pandas"] = "pandas",
        lang: Language | None = None,
        version: str | None = None,
        as_of: Day | None = None,
        ids: str | Iterable[str] | None = None,
    ) -> pd.DataFrame: ...

    @overload
    def load(
        table: TableName | str,
        *,
        engine: Literal["polars"],
        lang: Language | None = None,
        version: str | None = None,
        as_of: Day | None = None,
        ids: str | Iterable[str] | None = None,
    ) -> pl.DataFrame: ...

    def load(table: str, **options: object) -> object:
        """What runs is ``loader.loading.load``."""

else:
    from ycd_opendata.loader.loading import load
