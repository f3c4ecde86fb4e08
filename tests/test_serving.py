from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import RunYcd

from ycd_opendata.errors import PackageError
from ycd_opendata.site.server import ADDRESS, server


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    folder = tmp_path / "catalogue"
    (folder / "latest").mkdir(parents=True)
    (folder / "index.html").write_text("<p>front", "utf-8")
    (folder / "latest" / "datapackage.json").write_text("{}", "utf-8")
    (folder / "a.js").write_text("1", "utf-8")
    (folder / ".publishing").mkdir()
    (folder / ".publishing" / "versions.json").write_text("half", "utf-8")
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "out").symlink_to(tmp_path)
    return folder


@pytest.fixture
def port(catalogue: Path) -> Iterator[int]:
    with server(catalogue, 0) as serving:
        thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield int(serving.server_address[1])
        serving.shutdown()
        thread.join()


def get(port: int, path: str) -> tuple[int, str, http.client.HTTPMessage]:
    connection = http.client.HTTPConnection(ADDRESS, port, timeout=60)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body, answer.headers


def test_pages_and_files_are_served(port: int) -> None:
    status, body, headers = get(port, "/")
    assert (status, body) == (200, "<p>front")
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert get(port, "/latest/datapackage.json")[2]["Content-Type"] == "application/json"
    assert get(port, "/a.js")[2]["Content-Type"] == "text/javascript; charset=utf-8"
    assert get(port, "/nothing.html")[0] == 404


def test_what_is_not_there_is_answered_with_the_page_for_it(port: int, catalogue: Path) -> None:
    page = '<a href="zh/index.html">x</a><a href="https://example.org/">y</a><a href="#main">z</a>'
    (catalogue / "404.html").write_text(page, "utf-8")
    status, body, headers = get(port, "/zh/gone/away.html")
    assert status == 404
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert body == page.replace('"zh/', '"/zh/'), "links that hold at any depth"
    assert get(port, "/.publishing/versions.json")[0] == 404


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/latest/../../secret.txt",
        "//secret.txt",
        "/link.txt",
        "/out/secret.txt",
        "/out/",
        "/.publishing/versions.json",
        "/a%00b",
    ],
)
def test_nothing_outside_or_hidden_is_served(port: int, path: str) -> None:
    status, body, _ = get(port, path)
    assert status == 404
    assert "secret" not in body.replace("secret.txt", "")


def test_what_is_asked_for_is_shown_and_not_obeyed(
    port: int, capfd: pytest.CaptureFixture[str]
) -> None:
    get(port, "/%1b[31mred")
    assert "\x1b" not in capfd.readouterr().err


def test_a_folder_without_a_site_is_refused(ycd: RunYcd, tmp_path: Path) -> None:
    result = ycd("serve", tmp_path)
    assert result.code == 2
    assert f"there is no site in {str(tmp_path)!r}" in result.err
    assert "ycd build" in result.err


def test_a_taken_port_is_refused_if_it_was_asked_for(catalogue: Path, port: int) -> None:
    with pytest.raises(PackageError, match=f"cannot listen on port {port}"):
        server(catalogue, port)


def test_the_command_says_where_and_ends_quietly(catalogue: Path) -> None:
    command = [sys.executable, "-m", "ycd_opendata", "serve", str(catalogue), "--port", "0"]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("http://127.0.0.1:")
        port = int(line.partition("127.0.0.1:")[2].partition("/")[0])
        assert get(port, "/")[0] == 200  # it listens before it serves; now it does both
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=300)
    assert process.returncode == 0
    [logged] = errors.splitlines()
    assert logged.startswith('"GET / ')
