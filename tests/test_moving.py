"""A release moves into its catalogue wholly or not at all, whenever the build is killed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ycd_opendata.errors import ReleaseError
from ycd_opendata.publishing import moving
from ycd_opendata.publishing.moving import finish_what_was_killed, move_in

Tree = dict[str, str]

OLD: Tree = {
    "versions.json": "the old list",
    "v1.0.0/datapackage.json": "1.0.0",
    "v1.0.0/csv/a.csv": "old",
    "latest/datapackage.json": "1.0.0",
    "latest/csv/a.csv": "old",
    "index.html": "old page",
    "mine.txt": "somebody's own file",
}
NEW: Tree = OLD | {
    "versions.json": "the new list",
    "v1.1.0/datapackage.json": "1.1.0",
    "v1.1.0/csv/b.csv": "new",
    "changes/1.0.0..1.1.0.json": "{}",
    "latest/datapackage.json": "1.1.0",
    "latest/csv/b.csv": "new",
    "index.html": "new page",
    "about/index.html": "a page more",
}
del NEW["latest/csv/a.csv"]
INCOMING: Tree = {
    "versions.json": "the new list",
    "new/v1.1.0/datapackage.json": "1.1.0",
    "new/v1.1.0/csv/b.csv": "new",
    "new/changes/1.0.0..1.1.0.json": "{}",
    "views/latest/datapackage.json": "1.1.0",
    "views/latest/csv/b.csv": "new",
    "views/index.html": "new page",
    "views/about/index.html": "a page more",
}
FIRST = {path: text for path, text in NEW.items() if path not in ("mine.txt",)}
del FIRST["v1.0.0/datapackage.json"], FIRST["v1.0.0/csv/a.csv"]
VIEWS = ("latest", "index.html", "about")


def write(folder: Path, tree: Tree) -> None:
    folder.mkdir(exist_ok=True)
    for path, text in tree.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")


def content(folder: Path) -> Tree:
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }


def seen(folder: Path) -> Tree:
    """What a reader may meet, who opens nothing that starts with a dot."""
    return {path: text for path, text in content(folder).items() if not path.startswith(".")}


def view(tree: Tree, name: str) -> Tree:
    return {path: text for path, text in tree.items() if path.split("/")[0] == name}


def prepared(folder: Path, before: Tree) -> Path:
    write(folder, before)
    write(folder / ".building-1", {})
    write(folder / ".building-1" / "incoming", INCOMING)
    return folder


def killed_at_each_step(what: str, catalogue: Path, out: Path) -> list[Path]:
    """The catalogues that are left, the last one of a run that was not killed."""
    out.mkdir()
    command = [sys.executable, str(Path(__file__).with_name("killing.py")), what]
    subprocess.run([*command, str(catalogue), str(out)], check=True, timeout=600)
    return sorted(out.iterdir(), key=lambda each: int(each.name))


def finish(catalogue: Path) -> Tree:
    """What the next build makes of a catalogue before it starts its own work."""
    for stale in catalogue.glob(".building-*"):
        shutil.rmtree(stale)
    aside = catalogue / ".building-3"
    aside.mkdir()
    finish_what_was_killed(catalogue, aside)
    shutil.rmtree(aside)
    return content(catalogue)


@pytest.mark.parametrize("before", [OLD, {}], ids=["a second release", "the first release"])
def test_killed_at_any_call_it_is_as_before_or_as_after(tmp_path: Path, before: Tree) -> None:
    after = NEW if before else FIRST
    killed = killed_at_each_step("move", prepared(tmp_path / "c", before), tmp_path / "killed")
    assert len(killed) > 20
    assert seen(killed[0]) == before
    assert seen(killed[-1]) == after
    sides = []
    for folder in killed:
        now = seen(folder)
        is_new = now.get("versions.json") == "the new list"
        sides.append(is_new)
        # What the list names is there, whole; and a view is whole, and never ahead of the list.
        assert view(now, "v1.0.0") == view(before, "v1.0.0")
        if is_new:
            assert view(now, "v1.1.0") == view(after, "v1.1.0")
            assert view(now, "changes") == view(after, "changes")
        for name in VIEWS:
            known = (view(before, name), view(after, name)) if is_new else (view(before, name),)
            assert view(now, name) in known
        assert finish(folder) == (after if is_new else before)
    assert sides == sorted(sides)
    assert set(sides) == {False, True}


def test_finishing_may_be_killed_too(tmp_path: Path) -> None:
    killed = killed_at_each_step("move", prepared(tmp_path / "c", OLD), tmp_path / "killed")
    first_new = [seen(folder)["versions.json"] for folder in killed].index("the new list")
    # Just before the list is replaced most is to be withdrawn, just after it most is to be done.
    for side, folder in (("old", killed[first_new - 1]), ("new", killed[first_new])):
        after = {"old": OLD, "new": NEW}[side]
        again = killed_at_each_step("finish", folder, tmp_path / side)
        assert len(again) > 8
        for each in again:
            for name in VIEWS:
                assert view(seen(each), name) in (view(OLD, name), view(NEW, name))
            assert finish(each) == after


@pytest.mark.parametrize("name", ["_move_new", "_replace", "_move_views"])
def test_what_fails_is_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Unlike a killed build, one that fails still tidies up by itself."""
    real = getattr(moving, name)

    def fail(*arguments: object) -> None:
        real(*arguments)
        raise OSError("disk full")

    catalogue = prepared(tmp_path / "c", OLD)
    monkeypatch.setattr(moving, name, fail)
    with pytest.raises(OSError, match="disk full"):
        move_in(catalogue, catalogue / ".building-1" / "incoming")
    assert seen(catalogue) == OLD
    assert not (catalogue / ".publishing").exists()


@pytest.mark.parametrize("fails", [False, True])
def test_where_the_system_cannot_exchange(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    catalogue = prepared(tmp_path / "c", OLD)
    monkeypatch.setattr(moving, "exchange", lambda *_: False)
    if fails:
        real = moving._move_views

        def fail(*arguments: object) -> None:
            real(*arguments)  # type: ignore[arg-type]
            raise OSError("disk full")

        monkeypatch.setattr(moving, "_move_views", fail)
        with pytest.raises(OSError, match="disk full"):
            move_in(catalogue, catalogue / ".building-1" / "incoming")
    else:
        move_in(catalogue, catalogue / ".building-1" / "incoming")
    assert seen(catalogue) == (OLD if fails else NEW)


def test_on_a_disk_that_knows_no_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr("os.link", refused)
    catalogue = prepared(tmp_path / "c", OLD)
    move_in(catalogue, catalogue / ".building-1" / "incoming")
    assert seen(catalogue) == NEW


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"new": 5}', '{"new": ["../../x"]}', '{"new": ["mine.txt"]}']
)
def test_a_journal_that_is_not_ours_moves_nothing(tmp_path: Path, text: str) -> None:
    write(tmp_path / "c", OLD)
    write(tmp_path / "c" / ".publishing", {"new.json": text, "versions.json": "another"})
    (tmp_path / "aside").mkdir()
    with pytest.raises(ReleaseError, match="a build was killed, and what it left cannot be read"):
        finish_what_was_killed(tmp_path / "c", tmp_path / "aside")
    assert seen(tmp_path / "c") == OLD
