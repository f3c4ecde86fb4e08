"""PACKAGE in every form that a command takes, and what is said of anything else."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from errno import EACCES
from pathlib import Path

import click
import pytest
from conftest import RunYcd
from packages import FAULTS, edit_json, git
from servers import served

from ycd_opendata.cli.app import app
from ycd_opendata.errors import PackageError
from ycd_opendata.package.open_package import open_package

LOOKING = (["tables"], ["show", "t"], ["describe", "t"], ["cite"])


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A small package of one table, ``t``, with a schema in a file of its own."""
    folder = Path(shutil.copytree(FAULTS / "k-lang", tmp_path / "package"))
    schema = '{"fields": [{"name": "a", "type": "integer"}, {"name": "b", "type": "string"}]}'
    (folder / "s.json").write_text(schema, "utf-8")
    edit_json(folder / "datapackage.json", lambda raw: raw["resources"][0].update(schema="s.json"))
    return folder


@pytest.fixture
def history(package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a package at ``one`` and another at ``two/three``; the current folder."""
    top = tmp_path / "repository"
    shutil.copytree(package, top / "one")
    shutil.copytree(package, top / "two" / "three")
    edit_json(top / "two/three/datapackage.json", lambda raw: raw.update(name="three"))
    git(top.parent, "init", "-q", str(top))
    git(top, "add", ".")
    git(top, "commit", "-qm", "x")
    monkeypatch.chdir(top)
    return top


@pytest.fixture
def web(tmp_path: Path) -> Iterator[str]:
    """The address of a server that serves the test's folder."""
    with served(tmp_path) as address:
        yield address


def zipped(folder: Path, *, with_folder: bool) -> Path:
    name = folder.parent / f"zip-{with_folder}"
    root, base = (folder.parent, folder.name) if with_folder else (folder, ".")
    return Path(shutil.make_archive(str(name), "zip", root, base))


# --- every form, every command ---------------------------------------------------------------


def check_all_commands(ycd: RunYcd, source: str, tmp_path: Path, *more: str) -> None:
    """Every command that takes a package takes this one."""
    for command in (["validate"], *LOOKING):
        result = ycd(*command, source, *more)
        assert (result.code, result.err) == (0, ""), (command, result)
    assert "1,x" in ycd("show", "t", source, *more).out
    assert ycd("diff", source, source, *more).code == 0
    out = tmp_path / "out"
    assert ycd("build", source, "--out", out, *more).code == 0
    assert ycd("verify", out / "v1.0.0", "--against", source, *more).code == 0
    # The release and its own ZIP are packages too.
    [archive] = (out / "v1.0.0").glob("*.zip")
    for released in (out / "v1.0.0", archive):
        assert ycd("validate", released).code == 0
        assert "1,x" in ycd("show", "t", released).out


@pytest.mark.parametrize("form", ["folder", "descriptor", "other name", "zip", "zip of a folder"])
def test_on_this_disk(ycd: RunYcd, package: Path, tmp_path: Path, form: str) -> None:
    source = {
        "folder": package,
        "descriptor": package / "datapackage.json",
        "other name": package / "tables.json",
        "zip": tmp_path / "zip-False.zip",
        "zip of a folder": tmp_path / "zip-True.zip",
    }[form]
    if form.startswith("zip"):
        assert zipped(package, with_folder=form != "zip") == source
    elif form == "other name":
        (package / "datapackage.json").rename(source)
    check_all_commands(ycd, str(source), tmp_path)


def test_on_the_web(ycd: RunYcd, package: Path, tmp_path: Path, web: str) -> None:
    (package / "deeper").mkdir()
    (package / "t.csv").rename(package / "deeper" / "t 1.csv")
    edit_json(
        package / "datapackage.json", lambda raw: raw["resources"][0].update(path="deeper/t 1.csv")
    )
    check_all_commands(ycd, f"{web}/package", tmp_path, "--allow-remote")
    zipped(package, with_folder=False)
    for name in ("package/", "package/datapackage.json", "zip-False.zip"):
        assert ycd("validate", f"{web}/{name}", "--allow-remote").code == 0
        refused = ycd("validate", f"{web}/{name}")
        assert refused.code == 2
        assert "--allow-remote" in refused.err
    assert "the release's ZIP" in ycd("verify", f"{web}/package", "--allow-remote").err


def test_revision(ycd: RunYcd, history: Path, tmp_path: Path) -> None:
    check_all_commands(ycd, "git:HEAD:one", tmp_path)
    assert ycd("cite", "git:HEAD:two/three/datapackage.json").out == ycd("cite", "two/three").out
    assert (history / "one").is_dir()


def test_revision_takes_the_package_of_the_same_place(
    ycd: RunYcd, history: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(history / "two" / "three")
    (history / "two/three/t.csv").write_text("a,b\n1,y\n", "utf-8")
    shown = ycd("diff", "git:HEAD", ".").out
    assert '"y"' in shown
    assert "metadata" not in shown
    with open_package("git:HEAD") as opened:
        assert opened.name == "three"
    monkeypatch.chdir(history / "two")
    with open_package("git:HEAD:./three") as opened:
        assert opened.name == "three"
    refused = ycd("validate", "git:HEAD")
    assert refused.code == 2
    assert "no datapackage.json at 'two'" in refused.err
    assert "git:HEAD:one, git:HEAD:two/three" in refused.err


# --- something else ----------------------------------------------------------------------------


@pytest.mark.parametrize("command", [["validate"], ["format"], ["build"], ["diff", ".", "."]])
def test_without_a_package_is_said(
    ycd: RunYcd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    result = ycd(*command)
    assert result.code == 2
    assert "the current folder has no datapackage.json" in result.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "command", [["tables"], ["show", "regions"], ["describe", "regions"], ["cite"]]
)
def test_who_looks_without_a_package_sees_the_installed_one(
    ycd: RunYcd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    result = ycd(*command)
    assert result.code == 0
    assert result.out
    assert "this is the installed ycd-opendata" in result.err


def test_who_looks_in_a_package_sees_that(
    ycd: RunYcd, package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(package)
    result = ycd("tables")
    assert (result.err, result.out.splitlines()[1]) == ("", "t,T,,1")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("package/t.csv", "--schema"),
        ("sheet.xlsx", "no data package"),
        ("gone", "no such file or folder"),
        ("", "there is one in"),
        ("empty", "`ycd init FOLDER`"),
        ("git:", "no git revision"),
        ("git:--help", "no git revision"),
        ("package/s.json", "resources"),
    ],
)
def test_something_else_gets_a_sentence(
    ycd: RunYcd, package: Path, tmp_path: Path, name: str, said: str
) -> None:
    assert package.is_dir()
    (tmp_path / "sheet.xlsx").write_bytes(b"PK\3\4")
    (tmp_path / "empty").mkdir()
    result = ycd("validate", name if name.startswith("git:") else tmp_path / name)
    assert result.code in (1, 2)
    assert said in result.err + result.out


def test_zip_of_several_packages_names_them(ycd: RunYcd, history: Path, tmp_path: Path) -> None:
    shutil.copytree(history / "one", tmp_path / "both" / "a")
    shutil.copytree(history / "one", tmp_path / "both" / "b")
    archive = zipped(tmp_path / "both", with_folder=False)
    assert "has several packages: a, b" in ycd("validate", archive).err


def test_format_needs_a_folder(ycd: RunYcd, package: Path) -> None:
    for source in (str(zipped(package, with_folder=False)), "git:HEAD", "https://example.org/"):
        result = ycd("format", source)
        assert result.code == 2
        assert "cannot be written" in result.err


def test_format_changes_no_release(ycd: RunYcd, package: Path, tmp_path: Path) -> None:
    (package / "t.csv").write_text('a,b\n1,"x"\n', "utf-8")
    assert ycd("build", package, "--out", tmp_path / "out").code == 0
    result = ycd("format", tmp_path / "out" / "v1.0.0")
    assert (result.code, "never changed" in result.err) == (2, True)
    assert ycd("verify", tmp_path / "out" / "v1.0.0").code == 0


# --- one CSV file and its schema ---------------------------------------------------------------


def test_one_csv_by_a_schema(ycd: RunYcd, package: Path, tmp_path: Path) -> None:
    (tmp_path / "Table 1.csv").write_text("a,b\n1,x\nz,y\n", "utf-8")
    arguments = [tmp_path / "Table 1.csv", "--schema", package / "s.json", "--format", "json"]
    result = ycd("validate", *arguments)
    assert result.code == 1
    assert '"type-error"' in result.out
    assert '"path": "Table 1.csv"' in result.out
    (tmp_path / "Table 1.csv").write_text("a,b\n1,x\n", "utf-8")
    assert ycd("validate", *arguments).code == 0
    for command, *table in LOOKING:
        named = ["table-1" for _ in table]
        assert ycd(command, *named, *arguments[:3]).code == 0
    assert ycd("validate", tmp_path / "gone.csv", "--schema", package / "s.json").code == 2
    assert ycd("validate", tmp_path / "Table 1.csv", "--schema", tmp_path / "no.json").code == 2


# --- parts on the web --------------------------------------------------------------------------


def test_schema_on_the_web(ycd: RunYcd, package: Path, web: str) -> None:
    address = f"{web}/package/s.json"
    edit_json(package / "datapackage.json", lambda raw: raw["resources"][0].update(schema=address))
    result = ycd("validate", package)
    assert result.code == 1
    assert "is a web address, which was not read" in result.out
    assert ycd("validate", package, "--allow-remote").code == 0
    (package / "t.csv").write_text("a,b\nz,x\n", "utf-8")
    assert ycd("validate", package, "--allow-remote").code == 1
    (package / "s.json").write_text('{"fields": [], "fields": []}', "utf-8")
    assert "stands twice" in ycd("validate", package, "--allow-remote").out
    (package / "s.json").unlink()
    assert "404" in ycd("validate", package, "--allow-remote").out


def test_profile_on_the_web(ycd: RunYcd, package: Path, web: str) -> None:
    (package / "p.json").write_text('{"required": ["funder"]}', "utf-8")
    address = f"{web}/package/p.json"
    edit_json(package / "datapackage.json", lambda raw: raw.update(profile=address))
    result = ycd("validate", package)
    assert result.code == 0
    assert "profile-not-fetched" in result.out
    result = ycd("validate", package, "--allow-remote")
    assert result.code == 1
    assert "'funder' is a required property" in result.out


def test_missing_file_on_the_web_is_missing(ycd: RunYcd, package: Path, web: str) -> None:
    (package / "t.csv").unlink()
    result = ycd("validate", f"{web}/package", "--allow-remote")
    assert result.code == 1
    assert 'the file "t.csv" is missing' in result.out


def test_nothing_on_the_web(ycd: RunYcd, web: str) -> None:
    result = ycd("validate", f"{web}/nowhere", "--allow-remote")
    assert result.code == 2
    assert "has no datapackage.json" in result.err
    opened = open_package("http://127.0.0.1:9/datapackage.json", allow_remote=True)
    with pytest.raises(PackageError, match="cannot fetch"), opened:
        pass


def test_no_temporary_folder_is_shown(ycd: RunYcd, package: Path) -> None:
    (package / "t.csv").write_bytes(b"a,b\n1\n\xff\xfe,2\n")
    archive = zipped(package, with_folder=True)
    for format in ("text", "json", "sarif", "junit", "github", "markdown"):
        result = ycd("validate", archive, "--format", format)
        assert result.code == 1
        assert "t.csv" in result.out
        assert "/ycd-" not in result.out


def test_a_folder_that_is_called_like_a_revision_is_that_folder(
    ycd: RunYcd, package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package.rename(tmp_path / "git:v1")
    monkeypatch.chdir(tmp_path)
    assert ycd("validate", "git:v1").code == 0
    assert "git has no revision 'v2' here" in ycd("validate", "git:v2").err


def test_what_may_not_be_read_is_said_without_numbers(
    ycd: RunYcd, package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is root may read it all, so the system does not refuse."""

    def refusing(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", refusing)
    assert ycd("validate", package).err == (
        "ycd: cannot read 'datapackage.json': Permission denied\n     is it yours to read?\n"
    )


def test_every_command_reads_a_package_from_the_web_or_writes_it() -> None:
    """What is on the web is offered by a hint that only holds where the option is."""
    context = click.Context(app)
    without = set()
    for name in app.list_commands(context):
        command = app.get_command(context, name)
        assert command is not None
        parameters = {each.name for each in command.params}
        if "package" in parameters and "allow_remote" not in parameters:
            without.add(name)
    assert without == {"format", "take"}
