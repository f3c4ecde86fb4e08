"""Export a package's tables to one format with frictionless."""

from __future__ import annotations

import sys
from pathlib import Path

import frictionless
from frictionless.formats import JsonControl
from frictionless.resources import TableResource

package, kind = frictionless.Package(str(Path(sys.argv[1]) / "datapackage.json")), sys.argv[2]
folder = Path(sys.argv[3])
if kind == "sqlite":
    for resource in package.resources:
        for each in resource.schema.fields:
            # Its SQLite function for patterns fails at a missing cell.
            each.constraints.pop("pattern", None)
    package.publish(f"sqlite:///{folder / 'tables.sqlite'}")
else:
    options = {"control": JsonControl(keyed=True)} if kind == "json" else {}
    for resource in package.resources:
        resource.write(TableResource(path=str(folder / f"{resource.name}.{kind}"), **options))
