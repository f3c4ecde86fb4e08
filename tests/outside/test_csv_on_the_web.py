"""``csvwvalidate`` reads ``csv-metadata.json`` and every row of every CSV file."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from outside.tools import python

# The command stops at the first fault, so each has a folder; one process saves its start.
EACH = """
import contextlib, io, json, sys
from argparse import Namespace
from csvw.__main__ import csvwvalidate
found = {}
for folder in FOLDERS:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        arguments = Namespace(url=f"{folder}/csv-metadata.json", verbose=True, lax=False)
        code = csvwvalidate(arguments, test=True)
    found[folder] = [code, said.getvalue()]
print(json.dumps(found))
"""

# What is broken: file, text before, text after, and what is said of it.
FAULTS = {
    "category": ("targets", ",aim,", ",goal,", "strength: invalid lexical value"),
    "pattern": ("targets", "\nzj-2022-e", "\nzj_2022-e", "target_id: invalid lexical value"),
    "number": ("targets", ",15,", ",fifteen,", "value: invalid lexical value"),
    "header": ("regions", ",level,", ",leval,", "missing required columns {'level'}"),
    "required cell": ("evidence", ",contradicts,", ",,", "required column value is missing"),
    "key": ("regions", "\nCN-310115,", "\nCN-SH,", "duplicate primary key: CN-SH"),
    "reference": ("targets", ",CN-ZJ,", ",CN-XX,", "Key `CN-XX` not found"),
}


def test_releases_are_valid_and_every_kind_of_fault_is_found(
    small_release: Path, odd_release: Path, tmp_path: Path
) -> None:
    for name, (file, before, after, _) in FAULTS.items():
        folder = shutil.copytree(small_release, tmp_path / name)
        path = folder / f"csv/{file}.csv"
        text = path.read_text("utf-8")
        assert before in text, name
        path.write_text(text.replace(before, after, 1), "utf-8")
    valid = [str(small_release), str(odd_release)]
    done = python(EACH.replace("FOLDERS", repr([*valid, *FAULTS])), tmp_path)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [found[each] for each in valid] == [[0, "OK\n"]] * 2
    for name, (*_, said) in FAULTS.items():
        code, out = found[name]
        assert code != 0, name
        assert said in out, name
