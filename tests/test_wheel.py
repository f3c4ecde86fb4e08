"""The built wheel, installed into an empty environment and used from another folder, offline."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from email.parser import Parser
from importlib.metadata import Distribution
from pathlib import Path

import pandas as pd
import pytest
from packages import ROOT, SMALL
from packaging.requirements import Requirement

import ycd_opendata as ycd

OFFLINE = """
import socket

def refuse(*_, **__):
    raise OSError("no network in this test")

socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse
"""


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as built from the source archive, so that the archive is known to be whole."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", folder, cwd=ROOT)
    [archive] = folder.glob("*.tar.gz")
    shutil.unpack_archive(archive, source, filter="data")
    [top] = source.iterdir()
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=top)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def clean(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that holds the wheel and what it asks for, nothing else.

    What it asks for is linked from this environment: to download and unpack it again takes most
    of a minute. A workflow installs the wheel from the index.
    """
    folder = tmp_path_factory.mktemp("clean")
    run(sys.executable, "-m", "venv", "--without-pip", folder)
    python = folder / "bin" / "python"
    base = {"base": str(folder), "platbase": str(folder)}
    site = Path(sysconfig.get_path("purelib", vars=base))
    for distribution in needed_by(wheel):
        tops = {each.parts[0] for each in distribution.files or ()} - {"..", "__pycache__"}
        for top in tops:
            source = Path(str(distribution.locate_file(top)))
            if not (site / top).exists():
                (site / top).symlink_to(source, target_is_directory=source.is_dir())
    uv = shutil.which("uv")
    install = [uv, "pip"] if uv else [sys.executable, "-m", "pip", "--quiet"]
    there = ["--python", python]
    only = ["--no-deps", "--no-index", wheel]
    run(*install, *(["install", *there] if uv else [*there, "install"]), *only)
    return python


def needed_by(wheel: Path) -> list[Distribution]:
    """What a plain installation of the wheel needs, and what that needs."""
    with zipfile.ZipFile(wheel) as archive:
        [name] = [each for each in archive.namelist() if each.endswith("/METADATA")]
        wanted = Parser().parsestr(archive.read(name).decode()).get_all("Requires-Dist") or []
    found: dict[str, Distribution] = {}
    todo = [(Requirement(each), "") for each in wanted]
    while todo:
        requirement, extra = todo.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        there = Distribution.from_name(requirement.name)
        assert requirement.specifier.contains(there.version, prereleases=True), requirement
        key = f"{requirement.name}[{','.join(sorted(requirement.extras))}]"
        if key not in found:
            found[key] = there
            extras = requirement.extras or {""}
            todo += [(Requirement(each), name) for each in there.requires or () for name in extras]
    return list(found.values())


def run(*command: object, cwd: Path | None = None) -> str:
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def test_the_wheel_carries_data_schemas_and_typing_mark(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    inside = "ycd_opendata/dataset/"
    assert {f"{inside}data/{table}.csv" for table in SMALL} <= names
    assert {f"{inside}schemas/{table}.json" for table in [*SMALL, "scoreboard"]} <= names
    assert {f"{inside}datapackage.json", f"{inside}ycd.toml", "ycd_opendata/py.typed"} <= names
    assert {f"ycd_opendata/delta/{name}.sql" for name in ("scoreboard", "series")} <= names
    assert "ycd_opendata/package/ycd.schema.json" in names
    assert "ycd_opendata/locale/zh/LC_MESSAGES/ycd.mo" in names
    site = {
        path.relative_to(ROOT / "src").as_posix()
        for path in (ROOT / "src" / "ycd_opendata" / "site").rglob("*")
        if path.suffix in (".html", ".css", ".js", ".svg", ".toml")
    }
    assert len(site) > 10
    assert site <= names
    assert not [name for name in names if name.startswith(("tests/", "data/"))]


def test_the_plain_install_is_light(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        [name] = [each for each in archive.namelist() if each.endswith("/METADATA")]
        metadata = Parser().parsestr(archive.read(name).decode())
    assert metadata["Version"] == ycd.__version__
    needed = metadata.get_all("Requires-Dist") or []
    plain = {re.split(r"[<>\[]", each)[0] for each in needed if "extra ==" not in each}
    assert plain == {"click", "pandas", "pooch", "requests", "rich"}
    publish = {re.split(r"[<>\[]", each)[0] for each in needed if "'publish'" in each}
    expected = """ezodf frictionless ijson jinja2 jsonlines jsonschema lxml markupsafe
        markdown-it-py opencc openpyxl packaging pandera polars pyarrow pyyaml rdflib referencing
        sqlglot vl-convert-python xlrd xlsxwriter"""
    assert publish == set(expected.split())


def test_the_loader_works_offline_from_any_folder(clean: Path, tmp_path: Path) -> None:
    script = OFFLINE + (
        "import json, sys, ycd_opendata as ycd\n"
        "heavy = [m for m in ('pandas', 'pandera', 'polars', 'frictionless') if m in sys.modules]\n"
        "assert heavy == [], heavy\n"
        "frames = {name: ycd.load(name) for name in ycd.tables()['name']}\n"
        "assert len(ycd.scoreboard()) == len(frames['targets'])\n"
        "assert ycd.path('targets').read_bytes()\n"
        "assert len(ycd.describe('targets')) == frames['targets'].shape[1]\n"
        "assert ycd.__version__ in ycd.cite('bibtex')\n"
        "assert ycd.date_bounds(frames['targets']['due_on']).shape[1] == 2\n"
        "for name, frame in frames.items():\n"
        "    frame.to_pickle(f'{name}.pickle')\n"
        "try:\n"
        "    ycd.schema('targets')\n"
        "except ycd.MissingExtraError as error:\n"
        "    print(error)\n"
        "try:\n"
        "    ycd.load('targets', engine='polars')\n"
        "except ycd.MissingExtraError as error:\n"
        "    print(error)\n"
    )
    out = run(clean, "-W", "error", "-c", script, cwd=tmp_path)
    assert out.splitlines() == [
        f"{what} needs libraries that are not installed (pip install 'ycd-opendata[{extra}]')"
        for what, extra in (("a pandera schema", "publish"), ("a polars frame", "polars"))
    ]
    for name in ycd.tables()["name"]:
        installed = pd.read_pickle(tmp_path / f"{name}.pickle")
        # Where pyarrow is installed pandas keeps text in its way; the clean environment has none.
        with pd.option_context("mode.string_storage", "python"):
            pd.testing.assert_frame_equal(installed, ycd.load(name))


def test_the_command_line_of_a_plain_install(clean: Path, tmp_path: Path) -> None:
    command = clean.parent / "ycd"
    assert ycd.__version__ in run(command, "--version", cwd=tmp_path)
    assert run(command, "show", "targets", cwd=tmp_path) == (ROOT / "data/targets.csv").read_text(
        "utf-8"
    )
    for arguments in (["validate"], ["build"], ["verify", "."]):
        done = subprocess.run(
            [command, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 2
        assert "pip install 'ycd-opendata[publish]'" in done.stderr
        assert "Traceback" not in done.stderr


def test_two_wheels_are_the_same_to_the_byte(wheel: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path, cwd=ROOT)
    [again] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as first, zipfile.ZipFile(again) as second:
        contents = [{name: each.read(name) for name in each.namelist()} for each in (first, second)]
    assert contents[0] == contents[1]
