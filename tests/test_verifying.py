from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest
from conftest import RunYcd
from packages import edit_json, small_tables, write_table
from sites import released

from ycd_opendata.package.release_list import checksums_text


@pytest.fixture
def built(tiny: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A package, and its release."""
    return tiny, released(tiny, tmp_path / "release", "https://example.org/data/")


def test_a_release_is_proved_against_its_data(ycd: RunYcd, built: tuple[Path, Path]) -> None:
    source, release = built
    result = ycd("verify", release, "--against", source)
    assert result.code == 0, result
    assert result.out.splitlines()[-1] == f"built from {source}: the same to the byte"


def test_tables_that_are_computed_are_proved_too(
    ycd: RunYcd, small: Path, small_release: Path
) -> None:
    assert ycd("verify", small_release, "--against", small).code == 0


def test_the_zip_of_a_release_is_proved_as_its_folder_is(
    ycd: RunYcd, built: tuple[Path, Path], tmp_path: Path
) -> None:
    source, release = built
    (archive,) = release.glob("*.zip")
    assert ycd("verify", archive, "--against", source).code == 0
    changed = tmp_path / "changed.zip"
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name) + b"\n" * (name == "csv/domains.csv"))
    result = ycd("verify", changed)
    assert result.code == 1
    assert "'csv/domains.csv' was changed" in result.err


def test_what_is_no_release_is_told_what_to_name(
    ycd: RunYcd, built: tuple[Path, Path], tmp_path: Path
) -> None:
    source, release = built
    table = tmp_path / "elsewhere" / "table.csv"
    table.parent.mkdir()
    table.write_bytes(b"a\n1\n")
    for named, hint in (
        (source, "`ycd build` makes a release of it"),
        (release.parent, f"name one, such as {release}"),
        (table, "name the folder of a release"),
        (tmp_path / "nowhere", "check the spelling of the path"),
    ):
        result = ycd("verify", named)
        assert result.code != 0
        assert hint in result.err


def test_other_data_are_noticed(ycd: RunYcd, built: tuple[Path, Path], tmp_path: Path) -> None:
    other = Path(shutil.copytree(built[0], tmp_path / "other"))
    rows = small_tables()["domains"]
    rows[0]["description_en"] = "Something else."
    write_table(other, "domains", rows)
    result = ycd("verify", built[1], "--against", other)
    assert result.code == 1
    assert "not what is built from the package: 'csv/domains.csv' differs" in result.err


def test_a_release_that_was_changed_with_its_checksums_is_noticed(
    ycd: RunYcd, built: tuple[Path, Path]
) -> None:
    release = built[1]
    path = release / "json/domains.json"
    path.write_text(path.read_text("utf-8").replace("Industry", "Other", 1), "utf-8")
    (release / "SHA256SUMS").write_text(checksums_text(release), "utf-8")
    assert ycd("verify", release).code == 0
    result = ycd("verify", release, "--against", built[0])
    assert result.code == 1
    assert "'json/domains.json' differs" in result.err


def test_a_package_with_a_homepage_of_its_own_is_proved(
    ycd: RunYcd, tiny: Path, tmp_path: Path
) -> None:
    edit_json(tiny / "datapackage.json", lambda raw: raw.update(homepage="https://example.org/"))
    for number, base_url in enumerate((None, "https://example.org/")):
        release = released(tiny, tmp_path / str(number), base_url)
        assert ycd("verify", release, "--against", tiny).code == 0


def test_what_is_no_package_is_one_line(ycd: RunYcd, built: tuple[Path, Path]) -> None:
    result = ycd("verify", built[1], "--against", "nowhere")
    assert result.code == 2
    assert "no such file or folder: 'nowhere'" in result.err
