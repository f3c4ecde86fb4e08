"""What the command line writes: the same bytes into every pipe, whatever the machine's locale."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from packages import describe

import ycd_opendata
from ycd_opendata.cli import main
from ycd_opendata.validation.reports import FORMATS

# Those of Windows in the West, China and a console; a locale of none; and one that lacks most.
ENCODINGS = ("cp1252", "gbk", "cp437", "ascii", "latin-1", "utf-16")
CELL = "很多 𠮷 café"


def write_tiny(folder: Path, cell: str) -> Path:
    """A package of one number that few encodings can hold, and that is none unless it is "1"."""
    folder.mkdir()
    field = {"name": "数", "type": "integer"}
    table = {"name": "t", "path": "t.csv", "schema": {"fields": [field]}}
    describe(folder, [table], version="1.0.0")
    (folder / "t.csv").write_text(f"数\n{cell}\n", "utf-8")
    return folder


def streams(
    folder: Path, encoding: str, monkeypatch: pytest.MonkeyPatch, *arguments: str | Path
) -> tuple[int, bytes, bytes]:
    """Exit code and bytes of a command whose streams Python opened with an encoding."""
    paths = folder / "out", folder / "err"
    monkeypatch.setattr("sys.argv", ["ycd", *map(str, arguments)])
    with (
        paths[0].open("w", encoding=encoding, errors="strict", newline="\r\n") as out,
        paths[1].open("w", encoding=encoding, errors="strict", newline="\r\n") as err,
    ):
        monkeypatch.setattr("sys.stdout", out)
        monkeypatch.setattr("sys.stderr", err)
        try:
            main()
            code = 0
        except SystemExit as stop:
            code = int(stop.code or 0)
        monkeypatch.undo()
    return code, paths[0].read_bytes(), paths[1].read_bytes()


def test_every_command_writes_utf_8(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    faulty, right = write_tiny(tmp_path / "faulty", CELL), write_tiny(tmp_path / "right", "1")
    expected: dict[tuple[str | Path, ...], tuple[int, str]] = {
        ("show", "regions"): (0, "长三角"),
        ("cite",): (0, "Yangtze"),
        ("evidence",): (0, "长三角"),
        **{
            ("diff", right, faulty, "--format", each): (0, CELL)
            for each in ("text", "json", "markdown")
        },
        **{("validate", faulty, "--format", each): (1, CELL) for each in FORMATS},
    }
    for arguments, (wanted, text) in expected.items():
        code, out, err = streams(tmp_path, "cp1252", monkeypatch, *arguments)
        assert (code, err) == (wanted, b""), arguments
        assert text in out.decode("utf-8"), arguments
        assert b"\r" not in out


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_no_encoding_of_the_machine_matters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    code, out, err = streams(tmp_path, encoding, monkeypatch, "show", "regions")
    assert (code, err) == (0, b"")
    assert "长三角" in out.decode("utf-8")
    code, out, err = streams(tmp_path, encoding, monkeypatch, "show", "长三角\udce9")
    assert (code, out) == (2, b"")
    assert "'长三角\\udce9'" in err.decode("utf-8")


def ycd(*arguments: str, **options: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "ycd_opendata", *arguments]
    return subprocess.run(command, env={**os.environ, **options}, capture_output=True, check=False)


def test_a_process_without_a_locale_writes_the_same_bytes() -> None:
    poor = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = ycd("show", "regions", **poor)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == Path(ycd_opendata.path("regions")).read_bytes()
    odd = os.fsdecode(b"/caf\xe9")
    done = ycd("validate", odd, **poor)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"/caf\\udce9" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="a file name is Unicode there")
def test_file_names_that_are_no_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = write_tiny(tmp_path / os.fsdecode(b"caf\xe9"), CELL)
    target = tmp_path / "report"
    for name in FORMATS:
        command = ("validate", odd, "--format", name)
        code, out, err = streams(tmp_path, "ascii", monkeypatch, *command)
        assert (code, err) == (1, b"")
        out.decode("utf-8")
        assert streams(tmp_path, "ascii", monkeypatch, *command, "--output", target)[0] == 1
        assert target.read_bytes() == out


def test_csv_for_others_programs_is_read_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, out, _ = streams(tmp_path, "cp1252", monkeypatch, "show", "scoreboard")
    rows = list(csv.DictReader(io.StringIO(out.decode("utf-8"), newline="")))
    assert len(rows) == len(ycd_opendata.scoreboard())


@pytest.mark.skipif(os.name == "nt", reason="needs a shell")
@pytest.mark.parametrize(
    ("command", "code"), [("show targets", 0), ("--help", 0), ("validate nowhere", 2)]
)
def test_a_reader_that_has_seen_enough_is_no_fault(tmp_path: Path, command: str, code: int) -> None:
    """What reads the pipe is gone before anything is written into it."""
    read, write = os.pipe()
    os.close(read)
    with (tmp_path / "error").open("wb") as error:
        done = subprocess.run(
            [sys.executable, "-m", "ycd_opendata", *command.split()],
            stdout=write,
            stderr=error,
            check=False,
        )
    os.close(write)
    assert done.returncode == code
    said = (tmp_path / "error").read_text("utf-8")
    assert said.startswith("ycd: no such file") if code else said == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_one_line() -> None:
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "ycd_opendata", "cite"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (2, b"ycd: No space left on device\n")


@pytest.mark.skipif(os.name == "nt", reason="needs a shell")
@pytest.mark.parametrize("command", ["cite", "no-such-command"])
def test_closed_output_is_no_traceback(command: str, tmp_path: Path) -> None:
    error = tmp_path / "error"
    shell = f"{sys.executable} -m ycd_opendata {command} >&- 2>{error}"
    done = subprocess.run(["sh", "-c", shell], check=False)
    assert done.returncode in (0, 2)
    assert "Traceback" not in error.read_text("utf-8")


@pytest.mark.skipif(os.name == "nt", reason="has no such terminals")
def test_a_terminal_that_cannot_show_chinese_gets_codes() -> None:
    ours, theirs = os.openpty()
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0", "TERM": "dumb"}
    command = [sys.executable, "-m", "ycd_opendata", "show", "nowhere 长三角"]
    done = subprocess.run(command, env=environment, stderr=theirs, check=False)
    os.close(theirs)
    said = os.read(ours, 10_000)
    os.close(ours)
    assert done.returncode == 2
    assert b"nowhere \\u957f\\u4e09\\u89d2" in said
