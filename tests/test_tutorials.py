"""Every tutorial does what it says, and what it shows is what is printed."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from packages import copy_repository, edit_json, git, small_tables, write_small
from walkthrough import TUTORIALS, Walk, walk_through

from ycd_opendata.delta.site.additions import SITE
from ycd_opendata.site.wording import LANGUAGES, texts

IN_RIVERS = ("developer", "harvester", "maintainer", "publisher")
"""Those that start in the folder that the owner's makes."""


def text_of(name: str) -> str:
    return (TUTORIALS / f"{name}.md").read_text("utf-8")


@pytest.fixture(scope="module")
def owner(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """The owner's tutorial, gone through; the others start with copies of what it leaves."""
    return walk_through(text_of("owner"), tmp_path_factory.mktemp("owner"))


def test_an_owner_has_a_package_in_three_commands(owner: Walk) -> None:
    assert owner.problems == []
    assert (owner.folder / "rivers/.github/workflows/data.yml").is_file()


@pytest.mark.parametrize("name", IN_RIVERS)
def test_what_starts_with_the_owners_package(name: str, owner: Walk, tmp_path: Path) -> None:
    shutil.copytree(owner.folder / "rivers", tmp_path / "rivers")
    assert walk_through(text_of(name), tmp_path / "rivers").problems == []


def test_an_analyst_loads_the_data(tmp_path: Path) -> None:
    assert walk_through(text_of("analyst"), tmp_path).problems == []


def test_a_curator_is_told_what_is_wrong(tmp_path: Path) -> None:
    assert walk_through(text_of("curator"), copy_repository(tmp_path)).problems == []


def test_a_curator_works_in_a_spreadsheet_and_in_chinese(tmp_path: Path) -> None:
    text = "力争数字经济核心产业增加值增长12%"
    named = {"zj-2022-b-growth": "zj-2022-core-growth-in-2022", "增长12%": text}
    tables = {
        table: [{name: named.get(cell, cell) for name, cell in row.items()} for row in rows]
        for table, rows in small_tables().items()
    }
    assert tables["targets"][1]["phrase"] == text
    folder, remote = tmp_path / "before", tmp_path / "remote.git"
    write_small(folder, tables)
    edit_json(folder / "datapackage.json", lambda raw: raw.update(version="2.0.0"))
    git(tmp_path, "init", "-q", "--bare", "-b", "main", str(remote))
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "first")
    git(folder, "push", "-q", str(remote), "main")
    put_in = {"仓库的网址": str(remote), "您的名字": "张三"}
    walk = walk_through(text_of("curator.zh"), tmp_path, "zh", put_in)
    assert walk.problems == []
    # What a pull request would be opened of is in the repository that all share.
    log = git(remote, "log", "--format=%s", "--name-only", "main..我的改动")
    assert log.split("\n") == [
        "补上浙江 2022 年一个目标的位置",
        "",
        "data/targets.csv",
        "datapackage.json",
        "",
    ]


def test_pictures_are_there_and_small() -> None:
    named = re.findall(r"\]\(\.\./(pictures/.+?)\)", text_of("curator.zh"))
    assert len(named) == 3
    assert all((TUTORIALS.parent / each).stat().st_size < 150_000 for each in named)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_reader_finds_the_words_of_the_site(lang: str) -> None:
    said = re.findall(r"\*\*(.+?)\*\*", text_of("reader" if lang == "en" else f"reader.{lang}"))
    assert len(said) > 10
    *named, switch = said
    there = {
        each[lang] for section in texts(SITE.folder).values() for each in section.values()
        if isinstance(each, dict) and lang in each
    }  # fmt: skip
    assert [each for each in named if each not in there] == []
    other = next(each for each in LANGUAGES if each != lang)
    assert switch == texts(SITE.folder)["site"]["switch"][other]


def test_every_tutorial_is_gone_through() -> None:
    elsewhere = "outside/test_files_tutorial.py and spark/test_spark.py go through these"
    gone = {*IN_RIVERS, "owner", "analyst", "curator", "curator.zh", "reader", "reader.zh"}
    assert {each.stem for each in TUTORIALS.glob("*.md")} == gone | {"files", "cluster"}, elsewhere


@pytest.mark.parametrize(
    ("markdown", "wrong"),
    [
        ("```sh\nycd validate nowhere\n```", "ended with 2"),
        ("```sh\nycd no-such-command\n```", "ended with 2"),
        ("```sh\nfalse\ntrue\n```", "ended with 1 before 'true'"),
        ("```sh\necho one\n```\n\n```text\ntwo\n```", "printed:\none"),
        ("```python\nprint(1)\n```\n\n```text\n2\n```", "printed:\n1"),
        ("```pycon\n>>> 1 + 1\n3\n```", "Got:\n    2"),
        ("```sh\npip install 'ycd-opendata[nothing]'\n```", "there is no extra 'nothing'"),
        ("```sh\npip install ycd-open-data\n```", "installs something else"),
        ("Write `a.csv`:\n\n```csv\nx\n```\n\n```sh\ncat a.csv\n```\n\n```text\ny\n```", "\nx"),
    ],
)
def test_a_broken_tutorial_is_noticed(markdown: str, wrong: str, tmp_path: Path) -> None:
    [problem] = walk_through(markdown, tmp_path).problems
    assert wrong in problem
