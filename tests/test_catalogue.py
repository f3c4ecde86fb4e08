from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from applying_changes import apply_changes
from conftest import RunYcd
from packages import NEW_DOMAIN, edit_json, small_tables, write_small, write_table, write_tiny

from ycd_opendata.errors import ReleaseError
from ycd_opendata.package.reading import read_package
from ycd_opendata.publishing import catalogue as module
from ycd_opendata.publishing import moving
from ycd_opendata.publishing.catalogue import publish
from ycd_opendata.publishing.moving import exchange, staging
from ycd_opendata.publishing.verifying import _differences, verify_release
from ycd_opendata.versioning.comparing import compare

SITE = ("404.html", "assets", "en", "index.html", "records", "zh")
ONE_RELEASE = {"CHANGELOG.md", "latest", "v1.0.0", "versions.json", *SITE}


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def set_version(folder: Path, version: str) -> None:
    edit_json(folder / "datapackage.json", lambda raw: raw.update(version=version))


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalogue of version 1.0.0 of the tiny package; not to be changed."""
    folder = tmp_path_factory.mktemp("first")
    (folder / "p").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        # Like the builds of single tests, without pictures.
        patch.setattr("ycd_opendata.site.building.drawn_pictures", lambda _: ())
        publish(read_package(write_tiny(folder / "p")), folder / "dist")
    return folder / "dist"


@pytest.fixture
def out(first: Path, tmp_path: Path) -> Path:
    """A copy of that catalogue, to build into."""
    return shutil.copytree(first, tmp_path / "dist")


def test_build_writes_the_release_latest_and_the_list(
    ycd: RunYcd, tiny: Path, tmp_path: Path
) -> None:
    out = tmp_path / "deep" / "dist"
    result = ycd("build", tiny, "--out", out)
    assert result.code == 0
    assert f"version 1.0.0 is released: {out / 'v1.0.0'}" in result.out
    assert {path.name for path in out.iterdir()} == ONE_RELEASE
    assert content(out / "latest") == content(out / "v1.0.0")
    versions = json.loads((out / "versions.json").read_text("utf-8"))
    assert versions["latest"] == "1.0.0"
    [release] = versions["releases"]
    assert (release["version"], release["date"]) == ("1.0.0", "2026-11-24")
    assert release["url"] == "v1.0.0/datapackage.json"


def test_base_url_makes_links_absolute(ycd: RunYcd, tiny: Path, tmp_path: Path) -> None:
    assert (
        ycd("build", tiny, "--out", tmp_path / "d", "--base-url", "https://example.org/x").code == 0
    )
    versions = json.loads((tmp_path / "d/versions.json").read_text("utf-8"))
    assert versions["releases"][0]["url"] == "https://example.org/x/v1.0.0/datapackage.json"


@pytest.mark.parametrize(
    "url", ["example.org", "ftp://example.org", "https://", "https://e.org/?a=1", "javascript:x"]
)
def test_what_is_no_base_url_is_refused(ycd: RunYcd, tiny: Path, tmp_path: Path, url: str) -> None:
    result = ycd("build", tiny, "--out", tmp_path / "d", "--base-url", url)
    assert result.code == 1
    assert "is no web address" in result.err
    assert not (tmp_path / "d").exists()


def test_building_the_same_again_changes_nothing(ycd: RunYcd, tiny: Path, out: Path) -> None:
    before = content(out)
    result = ycd("build", tiny, "--out", out)
    assert result.code == 0
    assert "was there already, unchanged" in result.out
    assert content(out) == before


def test_a_released_version_is_never_changed(ycd: RunYcd, tiny: Path, out: Path) -> None:
    before = content(out)
    rows = small_tables()["domains"]
    rows[0]["description_en"] = "Something else."
    write_table(tiny, "domains", rows)
    result = ycd("build", tiny, "--out", out)
    assert result.code == 1
    assert "v1.0.0 was released with other content: 'csv/domains.csv' differs" in result.err
    assert "raise the version" in result.err
    assert content(out) == before
    assert {path.name for path in out.iterdir()} == ONE_RELEASE


def test_a_second_version_keeps_the_first(tiny: Path, out: Path) -> None:
    before = content(out / "v1.0.0")
    set_version(tiny, "1.10.0")
    publish(read_package(tiny), out)
    set_version(tiny, "1.9.0")
    publish(read_package(tiny), out)
    assert content(out / "v1.0.0") == before
    versions = json.loads((out / "versions.json").read_text("utf-8"))
    assert versions["latest"] == "1.10.0"
    assert [each["version"] for each in versions["releases"]] == ["1.10.0", "1.9.0", "1.0.0"]
    assert content(out / "latest") == content(out / "v1.10.0")


def test_a_pre_release_has_its_place_and_is_not_the_latest(tiny: Path, out: Path) -> None:
    for version in ("1.1.0-beta.2", "1.1.0-beta.10"):
        set_version(tiny, version)
        publish(read_package(tiny), out)
    versions = json.loads((out / "versions.json").read_text("utf-8"))
    listed = [each["version"] for each in versions["releases"]]
    assert listed == ["1.1.0-beta.10", "1.1.0-beta.2", "1.0.0"]
    assert versions["latest"] == "1.0.0"
    assert content(out / "latest") == content(out / "v1.0.0")
    assert versions["releases"][0]["changes"] == "changes/1.1.0-beta.2..1.1.0-beta.10.json"
    assert (out / versions["releases"][0]["changes"]).exists()


def test_version_and_day_are_asked_for_at_once(tiny: Path, tmp_path: Path) -> None:
    edit_json(tiny / "datapackage.json", lambda raw: raw.update(version="", created=""))
    with pytest.raises(ReleaseError, match=r"no version and .* no day of release") as found:
        publish(read_package(tiny), tmp_path / "dist")
    assert '"version": "1.0.0", "created": "2022-01-17T00:00:00Z"' in str(found.value.hint)


def test_invalid_data_is_not_built(ycd: RunYcd, tmp_path: Path) -> None:
    tables = small_tables()
    tables["targets"][0]["value"] = "many"
    result = ycd("build", write_small(tmp_path / "p", tables), "--out", tmp_path / "dist")
    assert result.code == 1
    assert "type-error" in result.out
    assert "nothing was built" in result.err
    assert not (tmp_path / "dist").exists()


@pytest.mark.parametrize("version", ["1.0", "1.0.0-", "../../x", "latest", ""])
def test_what_is_no_version_is_refused(
    ycd: RunYcd, tiny: Path, tmp_path: Path, version: str
) -> None:
    set_version(tiny, version)
    result = ycd("build", tiny, "--out", tmp_path / "dist")
    assert result.code == 1
    said = "is not MAJOR.MINOR.PATCH" if version else "the package has no version"
    assert said in result.err
    assert not (tmp_path / "dist").exists()


@pytest.mark.parametrize("step", ["write_release", "verify_release", "write_atomically", "move_in"])
def test_a_build_that_fails_leaves_nothing_half_done(
    tiny: Path, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(module, step, fail)
    with pytest.raises(OSError, match="disk full") as raised:
        publish(read_package(tiny), tmp_path / "new")
    assert raised.value.filename == str(tmp_path / "new")
    assert not (tmp_path / "new").exists()
    before = content(out)
    set_version(tiny, "1.1.0")
    with pytest.raises(OSError, match="disk full"):
        publish(read_package(tiny), out)
    assert content(out) == before
    assert {path.name for path in out.iterdir()} == ONE_RELEASE


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"releases": 5}', '{"releases": [{}]}', '{"releases": [5]}']
)
def test_a_broken_list_is_refused(ycd: RunYcd, tiny: Path, tmp_path: Path, text: str) -> None:
    out = tmp_path / "dist"
    out.mkdir()
    (out / "versions.json").write_text(text, "utf-8")
    result = ycd("build", tiny, "--out", out)
    assert result.code == 1
    assert "versions.json cannot be read" in result.err
    assert sorted(path.name for path in out.iterdir()) == ["versions.json"]


def test_a_file_in_the_way_is_refused(ycd: RunYcd, tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "dist").write_text("", "utf-8")
    assert ycd("build", tiny, "--out", tmp_path / "dist").code == 2
    assert ycd("build", tiny, "--out", tmp_path / "dist" / "below").code == 1


def test_two_builds_at_once_are_refused(ycd: RunYcd, tiny: Path, tmp_path: Path) -> None:
    out = tmp_path / "dist"
    with staging(out):
        result = ycd("build", tiny, "--out", out)
    assert (result.code, "another build is writing" in result.err) == (1, True)
    assert ycd("build", tiny, "--out", out).code == 0


def second_version(folder: Path) -> None:
    rows = [*small_tables()["domains"], NEW_DOMAIN]
    write_table(folder, "domains", rows)
    set_version(folder, "1.1.0")


def test_a_release_says_what_changed(tiny: Path, out: Path, tmp_path: Path) -> None:
    second_version(tiny)
    publish(read_package(tiny), out)
    newer, first = json.loads((out / "versions.json").read_text("utf-8"))["releases"]
    assert (first["bump"], first["changes"], first["records"]["domains"]) == (None, None, 2)
    assert (newer["bump"], newer["records"]["domains"]) == ("minor", 3)
    assert newer["changed"] == {"domains": {"record-added": 1}}
    assert newer["summary"] == "1.0.0 to 1.1.0: 1 record-added; needs minor"
    changes = json.loads((out / newer["changes"]).read_text("utf-8"))
    assert newer["changes"] == "changes/1.0.0..1.1.0.json"
    assert [each["key"] for each in changes["changes"]] == [{"domain_id": "zz"}]
    (tmp_path / "made").mkdir()
    made = apply_changes(read_package(out / "v1.0.0"), changes, tmp_path / "made")
    assert compare(made, read_package(out / "v1.1.0")).groups == ()


def kill(patch: pytest.MonkeyPatch, name: str) -> None:
    """End the build in a function that moves things in: from then on nothing can be done."""
    dead = False

    def die(*_: object) -> None:
        nonlocal dead
        dead = True
        raise Killed

    def until_dead(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            if dead:
                raise Killed
            return function(*arguments, **options)

        return call

    for method in ("rename", "replace", "unlink", "rmdir"):
        patch.setattr(Path, method, until_dead(getattr(Path, method)))
    patch.setattr(shutil, "rmtree", until_dead(shutil.rmtree))
    patch.setattr(moving, "exchange", until_dead(exchange))
    patch.setattr(moving, name, die)


class Killed(BaseException):
    pass


@pytest.mark.parametrize(("step", "is_released"), [("_replace", False), ("_move_views", True)])
def test_after_a_killed_build_the_next_one_works(
    tiny: Path, out: Path, monkeypatch: pytest.MonkeyPatch, step: str, is_released: bool
) -> None:
    report = verify_release(out / "v1.0.0")
    monkeypatch.setattr(module, "verify_release", lambda _: report)  # slow, and not the point
    monkeypatch.setattr(module, "write_site", lambda *_: None)
    second_version(tiny)
    with monkeypatch.context() as patch:
        kill(patch, step)
        with pytest.raises(Killed):
            publish(read_package(tiny), out)
    listed = json.loads((out / "versions.json").read_text("utf-8"))
    assert listed["latest"] == ("1.1.0" if is_released else "1.0.0")
    for each in listed["releases"]:
        assert not list(_differences(out / f"v{each['version']}"))
    assert not list(_differences(out / "latest"))
    # What was listed is released for good; of what was not, nobody knows.
    rows = small_tables()["domains"]
    rows.append(
        {
            "domain_id": "yy",
            "name_zh": "别",
            "name_en": "Other",
            "description_zh": "别的。",
            "description_en": "X.",
        }
    )
    write_table(tiny, "domains", rows)
    if is_released:
        with pytest.raises(ReleaseError, match="released with other content"):
            publish(read_package(tiny), out)
    else:
        publish(read_package(tiny), out)
    assert not list(_differences(out / "latest"))
    assert read_package(out / "latest").version == "1.1.0"
    assert {path.name for path in out.iterdir()} == {
        "CHANGELOG.md", "changes", "latest", "v1.0.0", "v1.1.0", "versions.json", *SITE
    }  # fmt: skip
