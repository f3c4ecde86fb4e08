"""Opens workbooks in one LibreOffice, types into cells as a person does, and saves them.

Run by the Python of the system, which has LibreOffice's bridge: ``python3 FILE JOBS``, where JOBS
is JSON: ``[{"open": PATH, "type": {SHEET: {CELL: TEXT}}, "save": [PATH, ...]}, ...]``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

FILTERS = {".ods": "calc8", ".xlsx": "Calc MS Excel 2007 XML"}
MOST_SECONDS = 60


def named(name: str, value: Any) -> Any:
    """A property, as LibreOffice takes them."""
    from com.sun.star.beans import PropertyValue

    found = PropertyValue()
    found.Name, found.Value = name, value
    return found


def connected(pipe: str) -> Any:
    """The components of the office that listens at a pipe."""
    import uno
    from com.sun.star.connection import NoConnectException

    local = uno.getComponentContext()
    manager = local.ServiceManager
    resolver = manager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    end = time.monotonic() + MOST_SECONDS
    while True:
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def do(desktop: Any, job: dict[str, Any]) -> None:
    """Open, type and save."""
    hidden = (named("Hidden", True),)
    book = desktop.loadComponentFromURL(Path(job["open"]).as_uri(), "_blank", 0, hidden)
    for sheet, cells in job.get("type", {}).items():
        for place, text in cells.items():
            book.Sheets.getByName(sheet).getCellRangeByName(place).FormulaLocal = text
    for path in map(Path, job["save"]):
        book.storeToURL(path.as_uri(), (named("FilterName", FILTERS[path.suffix]),))
    book.close(True)


def main() -> None:
    """Do the jobs."""
    pipe = f"ycd{os.getpid()}"
    with tempfile.TemporaryDirectory() as profile:
        options = ("--headless", "--norestore", "--nologo", f"--accept=pipe,name={pipe};urp;")
        where = f"-env:UserInstallation={Path(profile).as_uri()}"
        office = subprocess.Popen(["soffice", where, *options])
        try:
            manager = (components := connected(pipe)).ServiceManager
            desktop = manager.createInstanceWithContext("com.sun.star.frame.Desktop", components)
            for job in json.loads(sys.argv[1]):
                do(desktop, job)
            desktop.terminate()
            office.wait(MOST_SECONDS)
        finally:
            office.kill()


if __name__ == "__main__":
    main()
