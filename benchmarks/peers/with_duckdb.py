"""What one writes by hand in SQL: a query for each fault, over all columns read as text."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb

NAMES = [
    "observation_id",
    "region_id",
    "kind",
    "code",
    "count",
    "value",
    "share",
    "observed_on",
    "recorded_at",
    "final",
    "year",
    "name_zh",
    "note",
    "extra",
]
TYPES = {
    "count": "BIGINT",
    "value": "DOUBLE",
    "share": "DOUBLE",
    "observed_on": "DATE",
    "final": "BOOLEAN",
    "year": "INTEGER",
}
BOUNDS = {
    "kind": "kind NOT IN ('plan', 'report', 'notice', 'statute', 'statistic')",
    "code": "NOT regexp_full_match(code, '[A-Z]{2}-[0-9]{4}')",
    "count": "try_cast(count AS BIGINT) NOT BETWEEN 0 AND 100000",
    "value": "try_cast(value AS DOUBLE) NOT BETWEEN 0 AND 1000",
    "share": "try_cast(share AS DOUBLE) NOT BETWEEN 0 AND 1",
    "observed_on": "try_cast(observed_on AS DATE) < DATE '2000-01-01'",
    "year": "try_cast(year AS INTEGER) NOT BETWEEN 2000 AND 2100",
    "name_zh": "length(name_zh) > 80",
}
REQUIRED = [
    "observation_id",
    "region_id",
    "kind",
    "count",
    "observed_on",
    "final",
    "year",
    "name_zh",
]

folder, output = Path(sys.argv[1]), Path(sys.argv[2])
columns = ", ".join(f"'{name}': 'VARCHAR'" for name in NAMES)
connection = duckdb.connect()
connection.execute(
    f"""CREATE TABLE t AS SELECT *, row_number() OVER () + 1 AS row FROM read_csv(
    '{folder}/observations.csv', header = true, columns = {{{columns}}}, auto_detect = false,
    delim = ',', quote = '"', escape = '"', null_padding = true, parallel = false,
    nullstr = ['', 'NA'])"""
)
connection.execute(
    f"CREATE TABLE regions AS FROM read_csv('{folder}/regions.csv', all_varchar = true)"
)
blank = " AND ".join(f"{name} IS NULL" for name in NAMES)
rules = [(name, "type-error", f"try_cast({name} AS {TYPES[name]}) IS NULL") for name in TYPES]
stamp = "try_strptime(recorded_at, '%Y-%m-%dT%H:%M:%SZ') IS NULL"
rules = [(name, code, f"{name} IS NOT NULL AND {test}") for name, code, test in rules]
rules += [("recorded_at", "type-error", f"recorded_at IS NOT NULL AND {stamp}")]
rules += [(name, "constraint-error", test) for name, test in BOUNDS.items()]
rules += [(name, "constraint-error", f"{name} IS NULL AND NOT ({blank})") for name in REQUIRED]
rules += [("", "extra-cell", "extra IS NOT NULL"), ("", "blank-row", blank)]
rules += [
    (
        "region_id",
        "foreign-key",
        "region_id IS NOT NULL AND region_id NOT IN (SELECT region_id FROM regions)",
    )
]
queries = [f"SELECT row, '{name}', '{code}' FROM t WHERE {test}" for name, code, test in rules]
queries.append(
    """SELECT row, 'observation_id', 'primary-key' FROM t WHERE observation_id IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY observation_id ORDER BY row) > 1"""
)
rows = [each for query in queries for each in connection.execute(query).fetchall()]
findings = [{"row": row, "field": name, "code": code} for row, name, code in rows]
output.write_text(json.dumps({"findings": findings}), encoding="utf-8")
