"""pandera on a typed polars frame: what does not parse as its type is read as missing."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

import pandera.polars as pa
import polars as pl

folder, output = Path(sys.argv[1]), Path(sys.argv[2])
kinds = ["plan", "report", "notice", "statute", "statistic"]
regions = pl.read_csv(folder / "regions.csv", infer_schema=False)["region_id"].to_list()
stamp = pl.Datetime("us")
schema = pa.DataFrameSchema(
    {
        "observation_id": pa.Column(str, unique=True),
        "region_id": pa.Column(str, pa.Check.isin(regions, error="foreign-key")),
        "kind": pa.Column(str, pa.Check.isin(kinds)),
        "code": pa.Column(str, pa.Check.str_matches("^[A-Z]{2}-[0-9]{4}$"), nullable=True),
        "count": pa.Column(pl.Int64, pa.Check.in_range(0, 100_000)),
        "value": pa.Column(pl.Float64, pa.Check.in_range(0, 1_000), nullable=True),
        "share": pa.Column(pl.Float64, pa.Check.in_range(0, 1), nullable=True),
        "observed_on": pa.Column(pl.Date, pa.Check.ge(date(2000, 1, 1))),
        "recorded_at": pa.Column(stamp, nullable=True),
        "final": pa.Column(pl.Boolean),
        "year": pa.Column(pl.Int64, pa.Check.in_range(2000, 2100)),
        "name_zh": pa.Column(str, pa.Check.str_length(max_value=80)),
        "note": pa.Column(str, nullable=True),
    }
)
frame = pl.read_csv(
    folder / "observations.csv",
    infer_schema=False,
    null_values=["", "NA"],
    truncate_ragged_lines=True,
).with_columns(
    pl.col("count", "year").cast(pl.Int64, strict=False),
    pl.col("value", "share").cast(pl.Float64, strict=False),
    pl.col("observed_on").str.to_date("%Y-%m-%d", strict=False),
    pl.col("recorded_at").str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_unit="us", strict=False),
    final=pl.col("final").replace_strict({"true": True, "false": False}, default=None),
)
findings = []
try:
    schema.validate(frame, lazy=True)
except pa.errors.SchemaErrors as errors:
    for case in errors.failure_cases.iter_rows(named=True):
        check = str(case["check"])
        code = "constraint-error"
        if check == "field_uniqueness":
            code = "primary-key"
        elif check == "foreign-key":
            code = check
        row = None if case["index"] is None else int(case["index"]) + 2
        findings.append({"row": row, "field": str(case["column"]), "code": code})
output.write_text(json.dumps({"findings": findings}), encoding="utf-8")
