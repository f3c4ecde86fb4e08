"""The citation file, checked by a validator that is shown a broken one too."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import yaml
from packages import ROOT

import ycd_opendata as ycd


def lint(path: Path) -> int:
    tool = Path(sys.executable).parent / "check-jsonschema"
    command = [str(tool), "--builtin-schema", "vendor.citation-file-format", str(path)]
    return subprocess.run(command, capture_output=True, check=False).returncode


def test_the_file_follows_its_standard() -> None:
    assert lint(ROOT / "CITATION.cff") == 0


def test_the_validator_finds_a_broken_file(tmp_path: Path) -> None:
    broken = tmp_path / "CITATION.cff"
    broken.write_text(
        (ROOT / "CITATION.cff").read_text("utf-8").replace("title:", "titel:"), "utf-8"
    )
    assert lint(broken) != 0


def test_file_and_function_agree() -> None:
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert "version" not in cited  # datapackage.json holds the only one
    for part in (cited["title"], cited["authors"][0]["name"], cited["license"]):
        assert part in ycd.cite()
        assert part in ycd.cite("bibtex")
