"""How an extension is found, and what is said of one that cannot be loaded."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from packages import ROOT

from ycd_opendata import extension_loading
from ycd_opendata.cli.app import app
from ycd_opendata.delta.contribution import EXTENSION
from ycd_opendata.errors import ExtensionError
from ycd_opendata.extension import Extension
from ycd_opendata.extension_loading import extension_of, installed_extensions, load_extension, using
from ycd_opendata.package.open_package import installed_package

ONE = "from ycd_opendata.extension import Extension\nEXTENSION = Extension('rivers')\n"


def written(folder: Path, text: str) -> str:
    path = folder / "rules.py"
    path.write_text(text, "utf-8")
    return str(path)


def test_ours_is_found_by_its_entry_point() -> None:
    assert extension_of(installed_package()) is EXTENSION
    [ours] = [each for each in installed_extensions() if each.name == "ycd-opendata"]
    assert ours.value == "ycd_opendata.delta.contribution:EXTENSION"
    assert ours.dist is not None
    assert ours.dist.name == "ycd-opendata"


def test_one_that_is_named_takes_its_place_for_a_while() -> None:
    other = Extension("ycd-opendata")
    with using(other):
        assert extension_of(installed_package()) is other
    assert extension_of(installed_package()) is EXTENSION


def test_a_file_may_hold_one_or_name_one_of_several(tmp_path: Path) -> None:
    assert load_extension(written(tmp_path, ONE)).package == "rivers"
    path = written(tmp_path, ONE + "OTHER = Extension('lakes')\n")
    assert load_extension(f"{path}:OTHER").package == "lakes"
    with pytest.raises(ExtensionError, match="several extensions: EXTENSION, OTHER") as caught:
        load_extension(path)
    assert f"{path}:EXTENSION" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import nothing_like_this\n", r"No module named 'nothing_like_this' \(rules.py, line 1\)"),
        ("\nx = 1 / 0\n", r"ZeroDivisionError: division by zero \(rules.py, line 2\)"),
        ("def (:\n", r"SyntaxError: .*line 1"),
        ("raise SystemExit(0)\n", "SystemExit: 0"),
        ("EXTENSION = 3\n", "holds no extension"),
    ],
)
def test_what_cannot_be_loaded_says_why(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ExtensionError, match=said):
        load_extension(written(tmp_path, text))


def test_a_name_that_is_none(tmp_path: Path) -> None:
    path = written(tmp_path, ONE + "OTHER = 3\n")
    with pytest.raises(ExtensionError, match="has no 'LAKES'") as caught:
        load_extension(f"{path}:LAKES")
    assert caught.value.hint == "known are: EXTENSION"
    with pytest.raises(ExtensionError, match="is a int, expected an Extension"):
        load_extension(f"{path}:OTHER")
    with pytest.raises(ExtensionError, match=r"no file 'gone\.py'"):
        load_extension("gone.py")


def test_a_file_in_a_validated_folder_is_never_run(tmp_path: Path) -> None:
    folder = shutil.copytree(ROOT / "tests" / "lighthouses", tmp_path / "lighthouses")
    trap = f"import pathlib\npathlib.Path({str(tmp_path / 'run')!r}).touch()\n"
    for name in ("rules.py", "extension.py", "conftest.py", "ycd_opendata.py"):
        (folder / name).write_text(trap, "utf-8")
    result = CliRunner().invoke(app, ["validate", str(folder)])
    assert result.exit_code == 0, result.output
    assert not (tmp_path / "run").exists()
    named = CliRunner().invoke(
        app, ["validate", str(folder), "--extension", str(folder / "rules.py")]
    )
    assert isinstance(named.exception, ExtensionError)
    assert (tmp_path / "run").exists()


def test_the_command_line_takes_a_file(tmp_path: Path) -> None:
    folder = shutil.copytree(ROOT / "tests" / "lighthouses", tmp_path / "lighthouses")
    extension = ROOT / "tests" / "lighthouse_extension.py"
    arguments = [str(folder), "--extension", str(extension)]
    table = CliRunner().invoke(app, ["show", "costs", *arguments])
    assert table.output == "lighthouse_id,custo\nareias,1500.5\nbranco,90\n"
    (folder / "README.md").write_text("<!-- contagem -->\n<!-- end of contagem -->\n", "utf-8")
    assert CliRunner().invoke(app, ["validate", *arguments]).exit_code == 1
    assert CliRunner().invoke(app, ["format", *arguments]).exit_code == 0
    assert CliRunner().invoke(app, ["validate", *arguments]).exit_code == 0


def test_the_list_says_what_is_installed_and_what_is_broken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    listed = CliRunner().invoke(app, ["extensions"])
    assert listed.exit_code == 0
    assert "ycd-opendata: ycd_opendata.delta.contribution:EXTENSION" in listed.output
    assert "derived tables: scoreboard" in listed.output
    from importlib.metadata import EntryPoint

    broken = EntryPoint("rivers", "rivers_rules:EXTENSION", extension_loading.GROUP)
    monkeypatch.setattr(extension_loading, "_entry_points", lambda: {"rivers": [broken]})
    extension_loading.installed_extension.cache_clear()
    result = CliRunner().invoke(app, ["extensions"])
    extension_loading.installed_extension.cache_clear()
    assert result.exit_code == 2
    assert "No module named 'rivers_rules'" in result.output


def test_two_for_one_package_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib.metadata import EntryPoint

    both = [EntryPoint("rivers", each, extension_loading.GROUP) for each in ("a:A", "b:B")]
    monkeypatch.setattr(extension_loading, "_entry_points", lambda: {"rivers": both})
    extension_loading.installed_extension.cache_clear()
    with pytest.raises(ExtensionError, match="two extensions say that they serve 'rivers'"):
        extension_loading.installed_extension("rivers")
