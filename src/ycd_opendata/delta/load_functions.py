"""What the loader offers of our tables: ``load`` as an editor sees it, and our derived ones.

The names that an editor completes are those of the descriptor and of the derived tables, which a
test holds them to. Any other text is allowed too: an older release may have other tables.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, overload

import pandas as pd

from ycd_opendata.delta.series import Wide, chosen, widened
from ycd_opendata.loader.date_bounds import Day
from ycd_opendata.loader.loading import Language

__all__ = ["TableName", "load", "scoreboard", "series"]

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
    import polars as pl

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


def scoreboard(*, lang: Language | None = None, as_of: Day | None = None) -> pd.DataFrame:
    """What was promised and what came of it: ``load("scoreboard")``, one row a target.

    Parameters
    ----------
    lang, as_of
        As in ``load``. As of a day, targets and outcomes are those that were known by then,
        and what is due later is not yet due.
    """
    return load("scoreboard", lang=lang, as_of=as_of)


def series(
    measure: str | None = None,
    *,
    wide: Wide | None = None,
    lang: Language | None = None,
    as_of: Day | None = None,
) -> pd.DataFrame:
    """Every figure of an indicator, or of a family of indicators.

    Parameters
    ----------
    measure : str, optional
        An indicator's id or a family; all figures without it.
    wide : {"region", "indicator"}, optional
        One column a region, or an indicator, instead of one row a figure: the preferred
        outcome of each period, in the figures' unit, or in their base unit where units differ.
    lang, as_of
        As in ``load``.

    Returns
    -------
    pandas.DataFrame
        ``load("series")`` or a part of it; with ``wide``, the columns ``indicator_id`` (or
        ``region_id``), ``unit_id``, ``year``, ``period_kind``, ``period``, and the figures.

    Raises
    ------
    UnknownNameError
        No such indicator, family or way to widen.

    Examples
    --------
    >>> "CN-ZJ" in series("5g-base-stations", wide="region").columns
    True
    """
    frame = chosen(load("series", lang=lang, as_of=as_of), measure)
    return frame if wide is None else widened(frame, wide)
