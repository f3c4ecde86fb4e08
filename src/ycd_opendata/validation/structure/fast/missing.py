"""What becomes of a missing cell between a file with types and frictionless.

frictionless reads such a file into a frame of pandas and takes its rows one by one. pandas makes
each row a series of its own and guesses a type for it, so that a missing cell may come out as
nothing, as a float that is not a number, or as a time that is none, depending on what else stands
in the row. It depends on types only, never on values, so pandas is asked once for each set of
columns that are missing together.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from ycd_opendata.package.tables.opening import NotReadableError
from ycd_opendata.validation.structure.fast.typed_cells import NOT_A_NUMBER, NOT_A_TIME, Cells

if TYPE_CHECKING:
    import polars as pl

_SOME: dict[str, Any] = {
    "text": "a",
    "whole": 1,
    "float": 1.5,
    "boolean": True,
    "date": date(2020, 1, 1),
    "time": time(1),
    "decimal": Decimal(1),
    "nothing": None,
}


class MissingCells:
    """Gives missing cells the text of what frictionless gets in their place."""

    def __init__(self, cells: Sequence[Cells], empty: Sequence[str]) -> None:
        self._cells, self._empty = cells, empty
        self._become = cache(self._outcome)

    def filled(self, texts: pl.DataFrame) -> pl.DataFrame:
        """A frame of texts in which nulls are what they become."""
        import polars as pl

        holey = [name for name, count in texts.null_count().row(0, named=True).items() if count]
        if not holey:
            return texts
        marks = [pl.col(name).is_null().cast(pl.UInt8).cast(pl.String) for name in holey]
        which = texts.select(pl.concat_str(marks).alias("which"))["which"]
        patterns = which.unique().to_list()
        gone = {
            pattern: {int(name) for name, mark in zip(holey, pattern, strict=True) if mark == "1"}
            for pattern in patterns
        }
        become = {pattern: self._become(frozenset(gone[pattern])) for pattern in patterns}
        return texts.with_columns(
            pl.col(name).fill_null(
                which.replace_strict(
                    patterns,
                    [become[each].get(int(name), "") for each in patterns],
                    return_dtype=pl.String,
                )
            )
            for name in holey
        )

    def _outcome(self, gone: frozenset[int]) -> dict[int, str]:
        """What stands in a row where these columns are missing."""
        import numpy as np
        import pandas as pd

        row = np.empty(len(self._cells), dtype=object)
        for at, each in enumerate(self._cells):
            row[at] = _missing(each) if at in gone else _some(each)
        values = pd.Series(row).to_dict()
        found = {}
        for at in gone:
            value = values[at]
            # frictionless takes this one object for nothing, and no other like it.
            if value is None or value is np.nan:
                found[at] = self._empty[at]
            elif self._cells[at].kind == "text":
                # No text can stand for what is no text.
                raise NotReadableError("pandas makes times of texts that are missing")
            else:
                found[at] = NOT_A_NUMBER if isinstance(value, float) else NOT_A_TIME
        return found


def _some(cells: Cells) -> Any:
    import pandas as pd

    if cells.kind == "datetime":
        return pd.Timestamp("2020-01-01", tz=cells.zone)
    return _SOME[cells.kind]


def _missing(cells: Cells) -> Any:
    """What a frame has for a missing cell."""
    import pandas as pd

    if cells.kind == "float":
        return float(NOT_A_NUMBER)
    if cells.kind == "datetime":
        return pd.NaT
    # It is None or not a number, by the version of pandas.
    return pd.Series(["a", None]).iloc[1] if cells.kind == "text" else None
