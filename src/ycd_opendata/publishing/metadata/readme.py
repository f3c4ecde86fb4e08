"""The README of a release: what it holds, and for our own data how well they are founded."""

from __future__ import annotations

from ycd_opendata.loader.coverage import coverage, coverage_markdown, quality_markdown
from ycd_opendata.loader.tables import load_table, table_resources
from ycd_opendata.package.model import Package

README = "README.md"


def release_readme(package: Package) -> str:
    """The text, in Markdown; it depends on the package alone."""
    lines = [
        f"# {_line(package.title or package.name)}",
        "",
        f"Version {package.version} of {package.created[:10]}." if package.created else "",
        "`datapackage.json` describes every table and column; `SHA256SUMS` has the checksums.",
        "",
        "| table | rows | one row is, or the title |",
        "|---|--:|---|",
    ]
    for name, resource in table_resources(package).items():
        meaning = _line(resource.description or resource.title)
        lines.append(f"| `{name}` | {len(load_table(package, name))} | {meaning} |")
    text = "\n".join(lines) + "\n"
    if not package.is_own:
        return text
    found = coverage(package)
    regions = load_table(package, "regions")
    names = dict(zip(regions["region_id"], regions["name_en"], strict=True))
    return (
        f"{text}\n## How well the records are founded\n\n{quality_markdown(found)}"
        f"\n## How many records there are\n\n{coverage_markdown(found, names)}"
    )


def _line(text: str) -> str:
    """Text of a descriptor on one line, and no markup: it is shown, never run."""
    for mark in "\\`*_[]<>|#":
        text = text.replace(mark, f"\\{mark}")
    return " ".join(text.split())
