"""frictionless on the whole package, with no limit on errors."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import frictionless

package = frictionless.Package(str(Path(sys.argv[1]) / "datapackage.json"))
keys = {each.name: ", ".join(each.schema.primary_key) for each in package.resources}
report = package.validate(limit_errors=2**31)
findings = []
for task in report.tasks:
    for error in task.errors:
        names = getattr(error, "field_name", None) or ", ".join(getattr(error, "field_names", ()))
        if error.type == "primary-key":
            names = keys[task.name]
        row = getattr(error, "row_number", None)
        findings.append({"resource": task.name, "row": row, "field": names, "code": error.type})
Path(sys.argv[2]).write_text(json.dumps({"findings": findings}), encoding="utf-8")
