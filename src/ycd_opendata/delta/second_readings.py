"""How far two readers of the same words agree: the share of equal answers, and alpha.

Krippendorff's alpha for nominal data and two readers, 1 - observed / expected disagreement
(Krippendorff, Content Analysis, 2004, chapter 11): 1 is perfect agreement, 0 what chance gives.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ycd_opendata.extension import Load

if TYPE_CHECKING:
    import pandas as pd


def agreement(load: Load, today: datetime.date) -> pd.DataFrame:
    """Agreement by field, rows of ``schemas/agreement.json``; an empty cell is an answer too."""
    import pandas as pd

    del today
    readings = load("second_readings")
    rows = []
    for field, group in readings.groupby("field", sort=True):
        answers = group[["first", "second"]].fillna("").itertuples(index=False, name=None)
        pairs = list(answers)
        equal = sum(first == second for first, second in pairs)
        rows.append((field, len(pairs), equal, equal / len(pairs), alpha(pairs)))
    names = ["field", "readings", "equal", "share_equal", "alpha"]
    types = ["string", "Int64", "Int64", "float64", "float64"]
    return pd.DataFrame(rows, columns=names).astype(dict(zip(names, types, strict=True)))


def alpha(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Krippendorff's alpha of two readers; None where all answers are one and the same.

    Examples
    --------
    >>> alpha([("a", "a"), ("b", "b"), ("a", "b")])
    0.4444444444444444
    """
    counts = Counter(answer for pair in pairs for answer in pair)
    total = sum(counts.values())
    expected = 1 - sum(n * (n - 1) for n in counts.values()) / (total * (total - 1))
    if not expected:
        return None
    observed = sum(first != second for first, second in pairs) / len(pairs)
    return 1 - observed / expected
