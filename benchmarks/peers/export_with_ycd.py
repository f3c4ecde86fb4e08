"""Export a package's tables to one format, as a release does."""

from __future__ import annotations

import sys
from pathlib import Path

from ycd_opendata.package.reading import read_package
from ycd_opendata.publishing.formats.table import release_tables
from ycd_opendata.publishing.formats.writing import write_tables

package, kind, folder = read_package(Path(sys.argv[1])), sys.argv[2], Path(sys.argv[3])
write_tables(package, release_tables(package), folder, "tables", [kind])
