"""Export a package's tables to one format, as a release does."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from ycd_opendata.package.reading import read_package
from ycd_opendata.publishing.formats.csv_file import csv_file
from ycd_opendata.publishing.formats.json_file import json_file
from ycd_opendata.publishing.formats.parquet_file import parquet_file
from ycd_opendata.publishing.formats.source import release_tables
from ycd_opendata.publishing.formats.sqlite_database import open_database
from ycd_opendata.publishing.formats.writing import stream

package, kind, folder = read_package(Path(sys.argv[1])), sys.argv[2], Path(sys.argv[3])
tables = release_tables(package)
if kind == "sqlite":
    with open_database(folder / "tables.sqlite", package, tables) as writer:
        for table in tables:
            stream(table, [writer])
else:
    writers = {
        "csv": partial(csv_file, folder),
        "json": partial(json_file, folder),
        "parquet": partial(parquet_file, folder, package),
    }
    for table in tables:
        stream(table, [writers[kind]])
