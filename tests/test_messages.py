"""Every message is said in both languages, and nothing that reaches a person is said in one."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from types import SimpleNamespace
from typing import Any

import pytest
import write_messages
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from conftest import RunYcd
from packages import ROOT, edit_json, small_tables, write_small

from ycd_opendata import messages, validate
from ycd_opendata.cli.app import app
from ycd_opendata.messages import counted, language, language_of, reason_of, say, say_of, speak
from ycd_opendata.package.reading import read_package
from ycd_opendata.publishing.release import write_release
from ycd_opendata.validation.findings import LAYERS, Report
from ycd_opendata.validation.library_sentences import translated
from ycd_opendata.validation.reports import FORMATS, written

SOURCE = ROOT / "src" / "ycd_opendata"
RULE_CODES = re.compile(r"[a-z]+(?:-[a-z]+)+")


@pytest.fixture
def chinese(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Say messages in Chinese, in this test only."""
    for name in (messages.VARIABLE, "LANGUAGE"):
        monkeypatch.setenv(name, "en")
    speak("zh")
    yield
    speak("en")


# The catalogue


def test_the_catalogue_is_that_of_the_code() -> None:
    """Run ``python docs/write_messages.py`` when it is not."""
    catalogue = write_messages.written()
    assert write_messages.CATALOGUE.read_bytes() == write_messages.as_po(catalogue)
    with write_messages.CATALOGUE.with_suffix(".mo").open("rb") as stream:
        assert said_by(read_mo(stream)) == said_by(catalogue)


def said_by(catalogue: Catalog) -> set[str]:
    """Each message with its translation; of one that depends on a number, all forms."""
    forms = (
        [(each,) if isinstance(each, str) else tuple(each or ()) for each in (one.id, one.string)]
        for one in catalogue
        if one.id
    )
    return {repr(each) for each in forms}


def faults_of(message: Message) -> list[str]:
    """What is wrong with a translation: there is none, or its gaps are others."""
    if not write_messages.is_translated(message):
        return [f"no translation of {message.id!r}"]
    templates = [message.id] if isinstance(message.id, str) else message.id
    said = [message.string] if isinstance(message.string, str) else message.string
    wanted = gaps(templates[-1])
    return [f"other gaps in {each!r}" for each in said or () if gaps(str(each)) != wanted]


def gaps(template: str) -> list[tuple[str, str | None, str | None]]:
    """The gaps of a template, each with how its value is shown."""
    if not re.search(r"\{\w", template):
        return []  # said without values, so it is no template
    return sorted(
        (name, form, how) for _, name, form, how in Formatter().parse(template) if name is not None
    )


def test_each_message_has_a_translation_with_the_same_gaps() -> None:
    catalogue = write_messages.written()
    listed = [each for each in catalogue if each.id]
    assert len(listed) > 1000
    assert [fault for each in listed for fault in faults_of(each)] == []


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{name!r} is no table", ""),
        ("{name!r} is no table", "{name} 不是表"),
        ("{name!r} is no table", "{nam!r} 不是表"),
        ("{rows:,} rows", "{rows} 行"),
        (("{number} row", "{number} rows"), ("",)),
        (("{number} row", "{number} rows"), ("行",)),
    ],
)
def test_a_translation_that_does_not_fit_is_found(template: Any, said: Any) -> None:
    assert faults_of(Message(template, said))


def test_click_says_what_the_catalogue_has_of_it() -> None:
    import click

    folder = Path(click.__file__).parent
    text = "".join(each.read_text("utf-8") for each in folder.glob("*.py"))
    literals = {node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)}
    listed = {each if isinstance(each, str) else each[0] for each in write_messages.OF_CLICK}
    assert listed - literals == set()


# Nothing is said in one language only

NOT_SAID = (
    # Released, and so the same wherever it is built.
    "publishing/metadata/",
    "publishing/changelog.py",
    "publishing/formats/front_sheets.py",
    "loader/citation.py",
    # In both languages by texts of their own, or no words but markup, SQL and patterns.
    "site/",
    "delta/site/",
    "delta/pictures/",
    "delta/coverage.py",
    "delta/series.py",
    "delta/sqlite_views.py",
    "delta/rules/numerals.py",
    "repairs/written_days.py",
    "publishing/formats/globs.py",
    "publishing/formats/sql.py",
    "validation/structure/fast/planning/patterns.py",
    "validation/structure/fast/by_column/columns.py",
    "versioning/record_changes.py",
    # Names of keys.
    "validation/descriptor/plain_descriptor.py",
    "validation/descriptor/descriptor_keys.py",
)
"""Where sentences may stand that no reader is told; what is raised there is looked at as well."""

NO_MESSAGES = {
    *("no text", "not in the text", "not of its type", "the source is empty"),
    *("the first release", "# What the owner of these data lets pass: a report says it, too."),
    *("the extension that the command line names", "ycd validate", "missing value"),
    *("bold red", "bold green", "Courier New", "field larger", "cells off"),
}
"""Texts that are compared, that are written into a release, or that name something."""

_OF_OTHERS = {
    *("compile", "execute", "fullmatch", "search", "match", "sub", "Literal"),
    *("alias", "where", "mapInArrow", "_records"),
}
"""What takes patterns, SQL and names of columns."""

_FOREIGN = re.compile(
    r"the same as in the row at|expected is \"|PRAGMA |pip install|<DataPackage|::"
)


def unmarked(text: str, *, only_raised: bool = False) -> list[str]:
    """The sentences of a module that are said as they stand there."""
    tree = ast.parse(text)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    return [
        shown
        for node in ast.walk(tree)
        if isinstance(node, (ast.Constant, ast.JoinedStr))
        and (shown := sentence(node))
        and shown not in NO_MESSAGES
        and not _FOREIGN.search(shown)
        and is_said(node, parents, only_raised=only_raised)
    ]


def sentence(node: ast.Constant | ast.JoinedStr) -> str:
    """A text of several words, its gaps empty; else nothing."""
    if isinstance(node, ast.Constant):
        text = node.value if isinstance(node.value, str) else ""
    else:
        text = "".join(
            str(each.value) if isinstance(each, ast.Constant) else "{}" for each in node.values
        )
    words = re.findall(r"(?<![\w{%\\-])[A-Za-z]?[a-z]+(?![\w(-])", text.replace("ycd: ", ""))
    least = 1 if isinstance(node, ast.JoinedStr) else 2
    return text if " " in text.strip() and len([w for w in words if len(w) > 1]) >= least else ""


def is_said(node: ast.AST, parents: dict[ast.AST, ast.AST], *, only_raised: bool) -> bool:
    """Whether a text goes on to a person, as far as its place tells."""
    above = [node]
    while above[-1] in parents and not isinstance(above[-1], ast.stmt):
        above.append(parents[above[-1]])
    calls = {name_of(each) for each in above if isinstance(each, ast.Call)}
    keywords = {each.arg for each in above if isinstance(each, ast.keyword)}
    if calls & {*write_messages.SAID, "say_of", "counted", *_OF_OTHERS}:
        return False
    if keywords & {"help", "meaning"} or (
        keywords & {"message", "hint"} and calls & write_messages.OF_RULES
    ):
        return False
    if isinstance(above[-1], ast.Raise) or keywords & {"message", "hint"}:
        return True
    is_docstring = isinstance(node, ast.Constant) and isinstance(above[1], ast.Expr)
    is_type = isinstance(above[-1], ast.AnnAssign) and name_of(above[-1]) == "TypeAlias"
    is_compared = any(isinstance(each, (ast.Compare, ast.JoinedStr)) for each in above[1:])
    is_sure = isinstance(above[-1], ast.Assert)
    return not (only_raised or is_docstring or is_type or is_compared or is_sure)


def name_of(node: ast.AST) -> str:
    """The last word of the name of what is called, or of what a value is annotated with."""
    named = getattr(node, "func", None) or getattr(node, "annotation", None)
    return str(getattr(named, "id", getattr(named, "attr", "")))


def test_every_sentence_is_said_in_the_language_of_the_reader() -> None:
    found = {}
    for path in sorted(SOURCE.rglob("*.py")):
        place = path.relative_to(SOURCE).as_posix()
        said = unmarked(path.read_text("utf-8"), only_raised=place.startswith(NOT_SAID))
        if said:
            found[place] = said
    assert found == {}


@pytest.mark.parametrize(
    "text",
    [
        'raise DataError("the file is gone")',
        'raise DataError(f"{name} is gone", "look for it")',
        'yield Finding(code="x", message=f"{value} is odd", hint=say("mend it"))',
        'click.echo(f"{number} rows")',
        'message = "a sentence of its own"',
        'def why():\n    return "it has no schema"',
    ],
)
def test_a_sentence_in_one_language_is_found(text: str) -> None:
    assert unmarked(text)


def test_what_is_said_is_no_sentence_in_one_language() -> None:
    text = 'raise DataError(say("the file {name} is gone", name=name), say("look for it"))'
    assert unmarked(text) == []


def said_at_import(text: str) -> list[int]:
    """The lines on which a module says something while it is loaded, in whatever language."""
    found = []

    def look(node: ast.AST) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(node, (ast.FunctionDef, ast.Lambda)) and child in (
                node.body if isinstance(node.body, list) else [node.body]
            ):
                continue
            if isinstance(child, ast.Call) and name_of(child) in ("say", "say_of", "counted"):
                found.append(child.lineno)
            look(child)

    look(ast.parse(text))
    return found


def test_nothing_is_said_before_the_language_is_known() -> None:
    assert said_at_import('TEXT = say("too late")\ndef f(text=say("never")):\n    pass\n') == [1, 2]
    assert said_at_import('def f():\n    return say("in time")\ng = lambda: say("too")\n') == []
    found = {
        path.name: lines
        for path in sorted(SOURCE.rglob("*.py"))
        if (lines := said_at_import(path.read_text("utf-8")))
    }
    assert found == {}


# What is said


@pytest.mark.parametrize(
    ("environment", "chosen"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_TW"}, "zh"),
        ({"LC_ALL": "zh_CN", "YCD_LANG": "en"}, "en"),
        ({"LC_ALL": "C", "YCD_LANG": "zh"}, "zh"),
        ({"LC_ALL": "", "LANG": "zh_CN.GB18030"}, "zh"),
        ({"LC_ALL": "C", "YCD_LANG": "ZH_cn"}, "zh"),
    ],
)
def test_the_language_is_that_of_the_variable_or_of_the_locale(
    environment: dict[str, str], chosen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    assert language_of(environment) == chosen


@pytest.mark.parametrize(("number", "chosen"), [(0x0804, "zh"), (0x0404, "zh"), (0x0409, "en")])
def test_windows_says_its_language_by_a_number(
    number: int, chosen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernel = SimpleNamespace(GetUserDefaultUILanguage=lambda: number)
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setattr("ctypes.windll", SimpleNamespace(kernel32=kernel), raising=False)
    assert language_of({}) == chosen
    assert language_of({"LANG": "en_US"}) == "en"


def test_english_and_chinese() -> None:
    template = "{name!r} has more than {most:,} bytes"
    assert language() == "en"
    assert say(template, name="表", most=3000) == "'表' has more than 3,000 bytes"
    assert (counted(1, "row"), counted(1200, "row")) == ("1 row", "1,200 rows")
    with messages.spoken("zh"):
        assert say(template, name="表", most=3000) == "'表' 超过 3,000 字节"
        assert say("") == ""
        assert (counted(1, "row"), counted(1200, "row")) == ("1 行", "1,200 行")
        assert say_of(2, "{number} file changed", "{number} files changed") == "已更改 2 个文件"
        assert (
            reason_of(FileNotFoundError(2, "No such file or directory")) == "没有这个文件或文件夹"
        )
    assert language() == "en"


@pytest.mark.parametrize("value", ["{value}", "{0}", "{", "}}", "{value.__class__}", "%s"])
@pytest.mark.parametrize("spoken", messages.LANGUAGES)
def test_braces_in_a_value_stay_as_they_are(value: str, spoken: messages.Language) -> None:
    with messages.spoken(spoken):
        assert value in say("{value} is not allowed", value=value)
        assert value in translated(f"'{value}' is a required property")
        assert say(value) == value


@pytest.mark.usefixtures("chinese")
def test_what_others_say_is_told_by_its_form() -> None:
    assert translated("'name' is a required property") == "缺少必需的属性 'name'"
    assert translated("None is not of type 'string' at property 'path'") == (
        "None 不是 'string' 类型（属性 'path'）"
    )
    assert translated("they say something else") == "they say something else"


# Where it is said


def english_in(text: str) -> list[str]:
    """The runs of three English words outside of quotes and code, in a text that is Chinese."""
    bare = re.sub(r"\"[^\"]*\"|'[^']*'|`[^`]*`|<[^>]*>|https?://\S+|│.*", " ", text)
    found = re.findall(r"(?:(?<![\w./:=-])[A-Za-z][a-z]*[ ]+){2,}[a-z]+", bare)
    return [each for each in found if not RULE_CODES.search(each)]


def test_english_is_found_between_chinese() -> None:
    assert english_in("错误：the file is gone") == ["the file is gone"]
    assert (
        english_in("错误 type-error：'the file is gone' 不是整数，见 `ycd validate it now`") == []
    )


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The report on a package with something wrong in every layer, made in Chinese."""
    tables = small_tables()
    tables["targets"][0]["value"] = "many"
    tables["targets"][1]["region_id"] = "CN-XX"
    tables["targets"][1]["comparator"] = "=="
    tables["outcomes"][0]["phrase"] = "no figure in it"
    tables["sources"][0]["title_zh"] = " 空白 "
    folder = write_small(tmp_path_factory.mktemp("broken"), tables)
    with (folder / "data" / "regions.csv").open("a", encoding="utf-8") as stream:
        stream.write("CN-ZZ,province\r\n")
    descriptor = folder / "datapackage.json"
    text = descriptor.read_text("utf-8").replace('"version": "1.0.0"', '"version": "new"')
    descriptor.write_text(text.replace('"licenses"', '"licences"', 1), "utf-8")
    with messages.spoken("zh"):
        return validate(folder)


@pytest.mark.parametrize("form", FORMATS)
def test_a_report_is_in_chinese(form: str, report: Report) -> None:
    assert {layer.name for layer in report.layers if layer.ran} == {*LAYERS}
    assert len({each.code for each in report.findings}) > 6
    with messages.spoken("zh"):
        text = written(report, form)
    said = "\n".join(texts_of(json.loads(text) if form in ("json", "sarif") else text))
    assert re.search("[\u4e00-\u9fff]", said)
    assert english_in(said) == []


def texts_of(value: Any, key: str = "text") -> Iterator[str]:
    """What a report says to a person, wherever it stands in its JSON."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from texts_of(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from texts_of(each, key)
    elif isinstance(value, str) and key in ("message", "hint", "text", "skipped", "notes"):
        yield value


@pytest.mark.parametrize("name", ["", *app.list_commands(None)])  # type: ignore[arg-type]
@pytest.mark.usefixtures("chinese")
def test_help_is_in_chinese(name: str, ycd: RunYcd) -> None:
    shown = ycd(*[name] * bool(name), "--help", "--lang", "zh")
    assert shown.code == 0
    assert "用法:" in shown.out
    assert "选项:" in shown.out
    about = shown.out.partition("示例")[0] + shown.out.partition("参数:")[2]
    assert english_in(about) == []
    assert "用法:" not in ycd(*[name] * bool(name), "--help", "--lang", "en").out


@pytest.mark.usefixtures("chinese")
def test_a_wrong_use_is_told_in_the_language_that_is_asked_for(ycd: RunYcd) -> None:
    assert "错误：没有选项 '--formt'" in ycd("validate", "--formt", "x", "--lang=zh").err
    assert "没有命令 'vlidate'" in ycd("--lang", "zh", "vlidate").err
    assert "No such option" in ycd("validate", "--formt", "x", "--lang", "en").err
    assert "Invalid value for '--lang'" in ycd("validate", "--lang", "fr").err


@pytest.mark.usefixtures("chinese")
def test_a_new_package_is_described_in_chinese(ycd: RunYcd, tmp_path: Path) -> None:
    (tmp_path / "cities.csv").write_text("id,name,ok\n001,上海,yes\n002,南京,no\n", "utf-8")
    made = ycd("init", tmp_path, "--lang", "zh")
    assert made.code == 0
    assert english_in(made.out) == []
    for name in ("README.md", "ycd.toml"):
        text = (tmp_path / name).read_text("utf-8")
        assert re.search("[\u4e00-\u9fff]", text)
        assert english_in(text) == []
    checked = ycd("validate", tmp_path, "--lang", "zh")
    assert (checked.code, "有效" in checked.out) == (0, True)


@pytest.mark.usefixtures("chinese")
def test_a_failure_is_told_in_chinese(ycd: RunYcd, tmp_path: Path) -> None:
    failed = ycd("validate", tmp_path / "none", "--lang", "zh")
    assert failed.code == 2
    assert "没有这个文件或文件夹" in failed.err
    assert english_in(failed.err) == []


def test_a_release_is_the_same_in_either_language(tiny: Path, tmp_path: Path) -> None:
    edit_json(tiny / "datapackage.json", lambda raw: raw.update(version="1.0.0"))
    package = read_package(tiny)
    contents = []
    for spoken in messages.LANGUAGES:
        folder = tmp_path / spoken
        folder.mkdir()
        with messages.spoken(spoken):
            write_release(package, folder, None)
        contents.append({each.name: each.read_bytes() for each in folder.glob("*.*")})
    assert contents[0] == contents[1]
