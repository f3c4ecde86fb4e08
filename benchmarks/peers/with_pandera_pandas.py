"""pandera on a pandas frame read as text and coerced: type, enum, pattern, bounds and keys."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

folder, output = Path(sys.argv[1]), Path(sys.argv[2])
kinds = ["plan", "report", "notice", "statute", "statistic"]
regions = pd.read_csv(folder / "regions.csv", dtype=str)["region_id"].tolist()
schema = pa.DataFrameSchema(
    {
        "observation_id": pa.Column(str, unique=True, report_duplicates="exclude_first"),
        "region_id": pa.Column(str, pa.Check.isin(regions, error="foreign-key")),
        "kind": pa.Column(str, pa.Check.isin(kinds)),
        "code": pa.Column(str, pa.Check.str_matches("^[A-Z]{2}-[0-9]{4}$"), nullable=True),
        "count": pa.Column("Int64", pa.Check.in_range(0, 100_000), coerce=True),
        "value": pa.Column("Float64", pa.Check.in_range(0, 1_000), coerce=True, nullable=True),
        "share": pa.Column("Float64", pa.Check.in_range(0, 1), coerce=True, nullable=True),
        "observed_on": pa.Column("datetime64[ns]", pa.Check.ge("2000-01-01"), coerce=True),
        "recorded_at": pa.Column("datetime64[ns, UTC]", coerce=True, nullable=True),
        "final": pa.Column(str, pa.Check.isin(["true", "false"], error="type-error")),
        "year": pa.Column("Int64", pa.Check.in_range(2000, 2100), coerce=True),
        "name_zh": pa.Column(str, pa.Check.str_length(max_value=80)),
        "note": pa.Column(str, nullable=True),
        "extra": pa.Column(
            str,
            pa.Check(lambda cells: cells.isna(), ignore_na=False, error="extra-cell"),
            nullable=True,
        ),
    }
)
# One name more than columns keeps the cells that pandas would otherwise refuse the file for.
frame = pd.read_csv(
    folder / "observations.csv",
    names=list(schema.columns),
    header=None,
    skiprows=1,
    index_col=False,
    dtype=str,
    na_values=["", "NA"],
    keep_default_na=False,
    skip_blank_lines=False,
)
findings = []
try:
    schema.validate(frame, lazy=True)
except pa.errors.SchemaErrors as errors:
    for case in errors.failure_cases.rename(columns={"index": "place"}).itertuples():
        check = str(case.check)
        code = "constraint-error"
        if "dtype" in check:
            code = "type-error"
        elif check == "field_uniqueness":
            code = "primary-key"
        elif check in ("foreign-key", "type-error", "extra-cell"):
            code = check
        row = None if pd.isna(case.place) else int(case.place) + 2
        name = "" if code == "extra-cell" else str(case.column)
        findings.append({"row": row, "field": name, "code": code})
output.write_text(json.dumps({"findings": findings}), encoding="utf-8")
