"""What README and guides show is what happens, and their links lead somewhere."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from conftest import RunYcd
from packages import ROOT, SMALL

from ycd_opendata.messages import say, spoken
from ycd_opendata.package.reading import parse_schema
from ycd_opendata.validation.structure.explanations import explain_type

WRITTEN = [
    ROOT / "README.md",
    ROOT / "README.zh.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "data" / "README.md",
    ROOT / "data" / "README.zh.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)


def text_of(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def blocks(name: str, language: str) -> list[str]:
    fenced = re.findall(
        rf"^( *)```{language}\n(.*?)^ *```$", text_of(name), re.MULTILINE | re.DOTALL
    )
    return [textwrap.dedent(body) for _, body in fenced]


def dead_links(path: Path) -> list[str]:
    """Addresses in a Markdown file that lead to no file, or to no heading of one."""
    dead = []
    for address in _LINK.findall(_FENCE.sub("", path.read_text("utf-8"))):
        parts = urlsplit(address)
        if parts.scheme:
            continue
        place = path.parent / unquote(parts.path) if parts.path else path
        slugs = set()
        if parts.fragment and place.is_file():
            headings = _HEADING.findall(place.read_text("utf-8"))
            slugs = {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}
        if not place.exists() or (parts.fragment and parts.fragment not in slugs):
            dead.append(address)
    return dead


@pytest.mark.parametrize("name", ["README.md", "README.zh.md", "docs/loading.md"])
def test_the_python_example_runs(name: str) -> None:
    [example] = blocks(name, "python")
    names: dict[str, object] = {}
    exec(example, names)
    assert {"ycd", "targets"} <= set(names)


def test_the_finding_is_what_the_tutorial_has() -> None:
    [shown] = blocks("README.md", "text")
    assert shown in text_of("docs/tutorials/owner.md")


def test_the_chinese_readme_has_the_commands_and_the_finding() -> None:
    for command in re.findall(r"^(?:pip|ycd|make) [^#\n]*", text_of("README.md"), re.MULTILINE):
        assert command.strip() in text_of("README.zh.md")
    [shown] = blocks("README.zh.md", "text")
    [field] = parse_schema({"fields": [{"name": "level_m", "type": "number"}]}).fields
    with spoken("zh"):
        message, hint = explain_type(field, "high")
        assert f"    {message}\n" in shown
        assert f"    → {hint}\n" in shown
        assert f"{say(': ')}{say('error')} type-error\n" in shown


def test_the_chinese_codebook_has_every_table_and_column_that_the_english_one_names() -> None:
    english, chinese = (text_of(f"data/README{lang}.md") for lang in ("", ".zh"))
    counted = re.compile(r"<!-- (\w+) -->.*?<!-- end of \1 -->", re.DOTALL)
    named = set(re.findall(r"`([^`\n]+)`", counted.sub("", english)))
    said = set(re.findall(r"`([^`\n]+)`", chinese))
    assert {each for each in named if re.fullmatch(r"[\w@*]+", each)} - said == set()


def test_a_newcomer_is_told_what_he_needs_first() -> None:
    text = text_of("README.md")
    assert len(text.splitlines()) < 120
    for command in ("ycd init", "ycd validate", "make build", "make test"):
        assert command in text, command
    [picture] = re.findall(r"!\[.+\]\((.+)\)", text)
    assert (ROOT / picture).read_bytes().startswith(b"\x89PNG")
    assert (ROOT / picture).stat().st_size < 200_000


def test_what_init_finds_is_what_it_prints(ycd: RunYcd) -> None:
    [shown] = blocks("docs/describing.md", "text")
    out = ycd("init", ROOT / "tests/undescribed/first/stations", "--dry-run").out
    assert shown in out


def test_every_table_is_listed() -> None:
    listed = re.findall(r"^\| `([a-z_]+)` \|", text_of("docs/loading.md"), re.MULTILINE)
    assert listed == list(SMALL)


def test_every_guide_stands_in_the_list() -> None:
    text = text_of("docs/README.md")
    named = {each.relative_to(ROOT / "docs").as_posix() for each in (ROOT / "docs").rglob("*.md")}
    assert [each for each in named - {"README.md"} if f"({each})" not in text] == []


@pytest.mark.parametrize("path", WRITTEN, ids=lambda each: str(each.relative_to(ROOT)))
def test_every_link_leads_somewhere(path: Path) -> None:
    assert dead_links(path) == []


def test_a_dead_link_would_be_noticed(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("# One two\n\n[a](b.md) [b](a.md#one-two) [c](#one) `[d](e.md)`\n", "utf-8")
    assert dead_links(path) == ["b.md", "#one"]
