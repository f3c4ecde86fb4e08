"""The floor: polars reads every column as text into memory, all cores at work."""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

# Ragged lines stop polars' parser; it is told to cut them, as no parser alone reports them.
pl.read_csv(Path(sys.argv[1]) / "observations.csv", infer_schema=False, truncate_ragged_lines=True)
