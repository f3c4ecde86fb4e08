"""A hostile package ends in a report: in bounded time and memory, and nothing outside is read.

What may take long or much is run as a process of its own, whose processor time and memory are
bounded by the system, so that one that hangs or swallows memory fails here and takes nothing with
it.
"""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, Protocol

import pytest
from conftest import RunYcd
from packages import PROFILE
from servers import Quiet, answering

if not hasattr(os, "wait4"):
    pytest.skip("processes cannot be measured here", allow_module_level=True)

SECONDS, MEGABYTES = 20, 700
MEGABYTE = 2**20

TEXT: dict[str, Any] = {"name": "a", "type": "string"}


@dataclass(frozen=True)
class Outcome:
    """What the command said and took."""

    code: int
    report: dict[str, Any]
    err: str
    peak: int

    @property
    def kinds(self) -> set[tuple[str, str]]:
        return {(each["code"], each["resource"]) for each in self.report["findings"]}

    @property
    def messages(self) -> str:
        return " ".join(each["message"] for each in self.report["findings"])


# Loads what the command needs, on a package of one row, and then forks for each run that is asked
# for: a start takes longer than most of the runs. On Linux a child counts the memory of the process
# that it was forked from as its own, until it is told to begin anew.
# The patience with a pattern is two seconds: no test waits for that, but for a part of it.
SERVER = """
import atexit, json, os, resource, sys
from ycd_opendata.cli import main
from ycd_opendata.package.tables import limits

def tell():
    if os.path.exists("/proc/self/status"):
        with open("/proc/self/status") as status:
            sys.stderr.writelines(line for line in status if line.startswith("VmHWM"))

def run(arguments, out, err, ticks, seconds):
    for number, path in enumerate((out, err), 1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    if os.path.exists("/proc/self/clear_refs"):
        with open("/proc/self/clear_refs", "w") as stream:
            stream.write("5")
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    limits._TICKS = ticks
    sys.argv[1:] = arguments
    atexit.register(tell)
    main()

said = os.dup(1)
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
for engine in ("fast", "frictionless"):
    sys.argv[1:] = ["validate", PACKAGE, "--engine", engine]
    try:
        main()
    except SystemExit as stop:
        assert stop.code == 0
for line in sys.stdin:
    child = os.fork()
    if not child:
        run(**json.loads(line))
        sys.exit(0)
    _, status, usage = os.wait4(child, 0)
    os.write(said, b"%d %d\\n" % (os.waitstatus_to_exitcode(status), usage.ru_maxrss))
"""


class Validate(Protocol):
    """Run ``ycd validate``; more processor time or memory than allowed fails the test."""

    def __call__(self, folder: Path, *options: str, ticks: int = 8) -> Outcome: ...


@pytest.fixture(scope="module")
def validate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Validate]:
    first = write(tmp_path_factory.mktemp("first"), table("t", "t.csv"), t=b"a\nx\n")
    program = SERVER.replace("PACKAGE", repr(str(first)))
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", program], stdin=pipe, stdout=pipe) as server:
        yield partial(ask, server)


def ask(server: subprocess.Popen[bytes], folder: Path, *options: str, ticks: int = 8) -> Outcome:
    assert server.stdin
    assert server.stdout
    out, err = folder.parent / "out.json", folder.parent / "err.txt"
    asked = {
        "arguments": ["validate", str(folder), "--format", "json", *options],
        "out": str(out),
        "err": str(err),
        "ticks": ticks,
        "seconds": SECONDS,
    }
    server.stdin.write(json.dumps(asked).encode() + b"\n")
    server.stdin.flush()
    code, counted = map(int, server.stdout.readline().split())
    said = err.read_text("utf-8")
    assert code in (0, 1, 2), f"it ended with {code}: {said}"
    assert "Traceback" not in said
    # Elsewhere the system's own count has to do: in kilobytes, on macOS in bytes.
    own = re.search(r"^VmHWM:\s+(\d+) kB", said, re.MULTILINE)
    counted //= MEGABYTE if sys.platform == "darwin" else 1024
    peak = int(own[1]) // 1024 if own else counted
    said = re.sub(r"^VmHWM:.*\n", "", said, flags=re.MULTILINE)
    assert peak < MEGABYTES, f"it took {peak} MB"
    text = out.read_text("utf-8")
    return Outcome(code, json.loads(text) if text else {}, said, peak)


def answered(ycd: RunYcd, folder: Path, *options: str) -> Outcome:
    """The same in this process, where nothing takes long or much."""
    result = ycd("validate", folder, "--format", "json", *options)
    return Outcome(result.code, json.loads(result.out), result.err, 0)


def table(name: str, path: str, *fields: dict[str, Any], **schema: Any) -> dict[str, Any]:
    described = {"fields": list(fields) or [TEXT], **schema}
    return {"name": name, "type": "table", "path": path, "schema": described}


def write(tmp_path: Path, *resources: dict[str, Any], **files: bytes) -> Path:
    """A package with these tables, and files by the name without ``.csv``."""
    folder = tmp_path / "package"
    folder.mkdir()
    raw = {"$schema": PROFILE, "name": "hostile", "resources": list(resources)}
    (folder / "datapackage.json").write_text(json.dumps(raw), "utf-8")
    for name, content in files.items():
        (folder / f"{name}.csv").write_bytes(content)
    return folder


# --- texts that take long ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "engine"), [(r"(?=(a+)+$)a*", "fast"), ("(a+)+$", "frictionless")]
)
def test_pattern_that_backtracks(
    validate: Validate, tmp_path: Path, pattern: str, engine: str
) -> None:
    field = TEXT | {"constraints": {"pattern": pattern}}
    folder = write(tmp_path, table("t", "t.csv", field), t=b"a\n" + b"a" * 5000 + b"b\n")
    outcome = validate(folder, "--engine", engine, ticks=1)
    assert outcome.code == 1
    assert outcome.kinds == {("package-error", "t")}
    assert "a pattern takes too long on its text" in outcome.messages


def test_pattern_that_backtracks_spares_other_tables(validate: Validate, tmp_path: Path) -> None:
    field = TEXT | {"constraints": {"pattern": "(a+)+$"}}
    broken = {"name": "a", "type": "integer"}
    folder = write(
        tmp_path,
        table("slow", "slow.csv", field),
        table("other", "other.csv", broken),
        slow=b"a\n" + b"a" * 5000 + b"b\n",
        other=b"a\nx\n",
    )
    kinds = validate(folder, ticks=1).kinds
    assert kinds == {("package-error", "slow"), ("type-error", "other")}


def test_start_that_takes_long_to_guess_a_dialect_from(validate: Validate, tmp_path: Path) -> None:
    folder = write(tmp_path, table("t", "t.csv"), t=b"a\n" + b',"x' * 300_000 + b"\n")
    outcome = validate(folder, ticks=1)
    assert outcome.kinds == {("package-error", "t")}
    assert "takes too long" in outcome.messages


def test_huge_cells(validate: Validate, tmp_path: Path) -> None:
    """At the start, in quotes after many lines, and of many lines in an irregular table."""
    line = b"y" * (MEGABYTE - 1)
    starts = {"start": (b"", line), "quoted": (b"x\n" * 200 + b'"', line)}
    starts["lines"] = (b'x"y\n' + b"x\n" * 200 + b'"', (b"y" * 63 + b"\n") * (MEGABYTE // 64))
    folder = write(tmp_path, *(table(name, f"{name}.csv") for name in starts))
    for name, (start, piece) in starts.items():
        with (folder / f"{name}.csv").open("wb") as stream:
            stream.write(b"a\n" + start)
            stream.writelines(piece for _ in range(100))
            stream.write(start[-1:] + b"\n")
    outcome = validate(folder)
    assert outcome.kinds == {("package-error", name) for name in starts}
    assert outcome.messages.count("33,554,432") == 3


# --- tables without measure -------------------------------------------------------------------


def test_more_columns_than_a_table_may_have(validate: Validate, tmp_path: Path) -> None:
    fields = [{"name": f"c{number}", "type": "string"} for number in range(25_000)]
    folder = write(
        tmp_path,
        table("header", "header.csv"),
        table("schema", "schema.csv", *fields),
        table("row", "row.csv"),
        header=",".join(f"c{number}" for number in range(300_000)).encode() + b"\n1\n",
        schema=b"c0,c1\n",
        row=b"a\n1\n" + b"," * 1_000_000 + b"\n",
    )
    outcome = validate(folder)
    assert outcome.kinds == {("package-error", name) for name in ("header", "schema", "row")}
    assert outcome.messages.count("more than 20,000 c") == 3


def test_million_columns_in_header_and_schema(validate: Validate, tmp_path: Path) -> None:
    folder = write(tmp_path, table("t", "t.csv"), t=b"a" + b",a" * 1_000_000 + b"\n")
    path = folder / "datapackage.json"
    field = json.dumps(TEXT)
    path.write_text(
        path.read_text("utf-8").replace(field, f"{field}, " * 1_100_000 + field), "utf-8"
    )
    outcome = validate(folder)
    assert outcome.code == 2
    assert "has more than 33,554,432 bytes" in outcome.err


def test_as_many_columns_as_a_table_may_have(validate: Validate, tmp_path: Path) -> None:
    names = [f"c{number}" for number in range(3_000)]
    fields = [{"name": name, "type": "integer"} for name in names]
    rows = [names, ["1"] * 3_000, ["1"] * 2_999 + ["x"]]
    content = "".join(",".join(row) + "\n" for row in rows).encode()
    outcome = validate(write(tmp_path, table("t", "t.csv", *fields), t=content))
    assert outcome.kinds == {("type-error", "t")}
    assert [each["row"] for each in outcome.report["findings"]] == [3]


def test_very_many_findings(validate: Validate, tmp_path: Path) -> None:
    field = {"name": "a", "type": "integer"}
    content = b"a\n" + b"".join(b"x%d\n" % (number % 1000) for number in range(100_000))
    outcome = validate(
        write(tmp_path, table("t", "t.csv", field), t=content), "--max-findings", "10"
    )
    assert outcome.report["counts"] == {"error": 100_000, "warning": 0}
    # All of them in full would be 350 MB.
    assert outcome.peak < 300
    assert [each["row"] for each in outcome.report["findings"]] == [*range(2, 12)]


def test_ten_thousand_unknown_keys(validate: Validate, tmp_path: Path) -> None:
    folder = write(tmp_path, table("t", "t.csv"), t=b"a\nx\n")
    raw = json.loads((folder / "datapackage.json").read_text("utf-8"))
    # Some are near a known one.
    raw |= {f"resource{number}": 1 for number in range(5_000)}
    raw["resources"][0] |= {f"xyz{number}": 1 for number in range(5_000)} | {"titel": "x"}
    (folder / "datapackage.json").write_text(json.dumps(raw, indent=0), "utf-8")
    outcome = validate(folder)
    assert outcome.report["valid"]
    assert [each["field"] for each in outcome.report["findings"]] == ["titel"]


# --- JSON that is nested deep -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("depth", "key"), [(900, "resources"), (150, "custom"), (100_000, "custom")]
)
def test_deep_descriptor(validate: Validate, tmp_path: Path, depth: int, key: str) -> None:
    folder = write(tmp_path)
    deep = "[" * depth + "]" * depth
    (folder / "datapackage.json").write_text(f'{{"name": "deep", "{key}": {deep}}}', "utf-8")
    outcome = validate(folder)
    assert outcome.code == 2
    assert "cannot be read as JSON" in outcome.err


def test_deep_cells(validate: Validate, tmp_path: Path) -> None:
    deep = {"object": 990, "geojson": 990, "array": 5_000}
    folder = write(
        tmp_path,
        *(
            table(kind, f"{kind}.csv", {"name": "a", "type": kind})
            | {"dialect": {"delimiter": ","}}
            for kind in deep
        ),
        **{
            kind: b'a\n"' + b'{""a"":' * depth + b"1" + b"}" * depth + b'"\n'
            for kind, depth in deep.items()
        },
    )
    outcome = validate(folder)
    assert outcome.code == 1
    assert {code for code, _ in outcome.kinds} <= {"type-error", "package-error"}
    assert "array" in {name for _, name in outcome.kinds}


# --- files that grow --------------------------------------------------------------------------


LINES, LINE = b"a" * 1023 + b"\n", b"a"


def endless(piece: bytes) -> Iterator[bytes]:
    """80 MB, more than anything small may unpack to."""
    block = piece * (MEGABYTE // len(piece))
    return (block for _ in range(80))


def pack_zip(path: Path, pieces: Iterator[bytes]) -> None:
    archive = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
    with archive, archive.open("t.csv", "w", force_zip64=True) as stream:
        stream.writelines(pieces)


def pack_gzip(path: Path, pieces: Iterator[bytes]) -> None:
    with gzip.open(path, "wb", compresslevel=1) as stream:
        stream.writelines(pieces)


def pack_bzip2(path: Path, pieces: Iterator[bytes]) -> None:
    # Files one behind another are one file, and packing is slow.
    packed = bz2.compress(b"".join(next(pieces) for _ in range(10)))
    path.write_bytes(packed * 8)


def pack_xz(path: Path, pieces: Iterator[bytes]) -> None:
    packed = lzma.compress(b"".join(next(pieces) for _ in range(10)), preset=0)
    path.write_bytes(packed * 8)


def test_bombs(validate: Validate, tmp_path: Path) -> None:
    """Each is a finding of its own, also where a table refers to one."""
    bombs: list[tuple[str, Callable[[Path, Iterator[bytes]], None], bytes]] = [
        ("lines.csv.zip", pack_zip, LINES),
        ("sheet.xlsx", pack_zip, LINE),
        ("lines.csv.gz", pack_gzip, LINES),
        ("line.csv.gz", pack_gzip, LINE),
        ("line.csv.bz2", pack_bzip2, LINE),
        ("line.csv.xz", pack_xz, LINE),
    ]
    names = [path.replace(".", "-") for path, _, _ in bombs]
    key = {"fields": ["a"], "reference": {"resource": names[0], "fields": ["a"]}}
    folder = write(
        tmp_path,
        *(table(name, path) for name, (path, _, _) in zip(names, bombs, strict=True)),
        table("t", "t.csv", {"name": "a", "type": "integer"}, foreignKeys=[key]),
        t=b"a\nx\n",
    )
    for path, pack, piece in bombs:
        pack(folder / path, endless(piece))
        assert (folder / path).stat().st_size < MEGABYTE
    outcome = validate(folder)
    assert outcome.kinds == {*(("package-error", name) for name in names), ("type-error", "t")}
    for finding in outcome.report["findings"]:
        if finding["code"] == "package-error":
            assert "was not checked" in finding["message"]
            assert re.search("100 times its size|33,554,432", finding["message"])


def test_packed_table_that_is_no_bomb(validate: Validate, tmp_path: Path) -> None:
    field = {"name": "a", "type": "integer"}
    folder = write(
        tmp_path, *(table(name, f"t.csv.{name}", field) for name in ("zip", "gz", "bz2", "xz"))
    )
    pack_zip(folder / "t.csv.zip", iter([b"a\n1\nx\n"]))
    pack_gzip(folder / "t.csv.gz", iter([b"a\n1\nx\n"]))
    (folder / "t.csv.bz2").write_bytes(bz2.compress(b"a\n1\nx\n"))
    (folder / "t.csv.xz").write_bytes(lzma.compress(b"a\n1\nx\n"))
    found = [(each["code"], each["row"]) for each in validate(folder).report["findings"]]
    assert found == [("type-error", 3)] * 4


# --- references in circles, and files elsewhere -----------------------------------------------


def test_cyclic_foreign_keys(ycd: RunYcd, tmp_path: Path) -> None:
    def pointing(to: str) -> list[dict[str, Any]]:
        return [{"fields": ["a"], "reference": {"resource": to, "fields": ["a"]}}]

    folder = write(
        tmp_path,
        table("one", "one.csv", foreignKeys=pointing("two")),
        table("two", "two.csv", foreignKeys=pointing("three")),
        table("three", "three.csv", foreignKeys=pointing("one")),
        table("own", "own.csv", foreignKeys=pointing("")),
        one=b"a\nx\n",
        two=b"a\nx\ny\n",
        three=b"a\nx\n",
        own=b"a\nx\n",
    )
    outcome = answered(ycd, folder)
    found = [(each["code"], each["resource"], each["row"]) for each in outcome.report["findings"]]
    assert found == [("foreign-key", "two", 3)]


@pytest.mark.parametrize(("engine", "place"), [("fast", "file"), ("frictionless", "folder")])
def test_link_out_of_the_package(ycd: RunYcd, tmp_path: Path, engine: str, place: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "t.csv").write_text("secret\n", "utf-8")
    folder = write(tmp_path, table("t", "t.csv" if place == "file" else "in/t.csv"))
    if place == "file":
        (folder / "t.csv").symlink_to(outside / "t.csv")
    else:
        (folder / "in").symlink_to(outside)
    outcome = answered(ycd, folder, "--engine", engine)
    assert outcome.kinds == {("resource-error", "t")}
    assert "leads out of the package's folder" in outcome.messages
    assert "secret" not in json.dumps(outcome.report)


def test_link_to_itself(ycd: RunYcd, tmp_path: Path) -> None:
    folder = write(tmp_path, table("t", "t.csv"))
    (folder / "t.csv").symlink_to("t.csv")
    assert answered(ycd, folder).code == 1


def test_pipe_that_nobody_writes_to(validate: Validate, tmp_path: Path) -> None:
    folder = write(tmp_path, table("t", "t.csv"))
    os.mkfifo(folder / "t.csv")
    outcome = validate(folder)
    assert outcome.kinds == {("resource-error", "t")}
    assert "it is a pipe or device" in outcome.messages


class Pages(Quiet, BaseHTTPRequestHandler):
    """A web server with one table, which counts who asks."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        content = b"a\n1\nx\n"
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, list[str]]]:
    """The address of a web server on this machine, and the paths that it was asked for."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    asked: list[str] = []
    with answering(type("Here", (Pages,), {"asked": asked})) as address:
        yield address, asked


def test_web_address_is_refused(ycd: RunYcd, tmp_path: Path, web: tuple[str, list[str]]) -> None:
    address, asked = web
    folder = write(tmp_path, table("t", f"{address}/t.csv"))
    raw = json.loads((folder / "datapackage.json").read_text("utf-8"))
    raw |= {"profile": f"{address}/p.json", "profiles": [f"{address}/q.json"]}
    (folder / "datapackage.json").write_text(json.dumps(raw), "utf-8")
    outcome = answered(ycd, folder)
    assert ("resource-error", "t") in outcome.kinds
    assert "is a web address, which was not read" in outcome.messages
    assert asked == []


def test_web_address_is_read_on_demand(
    ycd: RunYcd, tmp_path: Path, web: tuple[str, list[str]]
) -> None:
    address, asked = web
    field = {"name": "a", "type": "integer"}
    folder = write(
        tmp_path,
        table("t", f"{address}/t.csv", field),
        table("here", "here.csv", field),
        here=b"a\ny\n",
    )
    outcome = answered(ycd, folder, "--allow-remote")
    found = [(each["code"], each["resource"], each["row"]) for each in outcome.report["findings"]]
    assert found == [("type-error", "t", 3), ("type-error", "here", 2)]
    assert {*asked} == {"/t.csv"}
    notes = next(each for each in outcome.report["layers"] if each["name"] == "structure")["notes"]
    assert notes == ["t: checked by frictionless, because it is remote"]


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://127.0.0.1/t.csv"])
def test_other_addresses_are_refused_always(ycd: RunYcd, tmp_path: Path, address: str) -> None:
    outcome = answered(ycd, write(tmp_path, table("t", address)), "--allow-remote")
    assert outcome.kinds == {("resource-error", "t")}
