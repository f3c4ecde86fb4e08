"""How the pages say that the data, or one record of them, are cited."""

from __future__ import annotations

from ycd_opendata.loader.citation import authors, cite_package
from ycd_opendata.site.rendering import Renderer
from ycd_opendata.site.wording import Words


def cited(page: Renderer, part: str = "", path: str = "") -> Words:
    """A citation as the page's language has it.

    Parameters
    ----------
    part, path : str
        The title and the page of the record that is cited, not the whole.
    """
    base = page.content.base_url
    address = f"{base}{path}" if base else ""
    if page.lang == "zh":
        return Words(_in_chinese(page, part, address))
    text = cite_package(page.content.package, "text", part)
    return Words(f"{text} {address}" if part and address else text)


def _in_chinese(page: Renderer, part: str, address: str) -> str:
    """As GB/T 7714 has it for data on the web, without what is not known."""
    package = page.content.package
    names = "，".join(each.name for each in authors(package, page.lang))
    who = f"{names}. " if names else ""
    version = f"：{package.version} 版" if package.version else ""
    when = f". ({package.created[:10]})" if package.created else ""
    where = f". {address}" if address else ""
    whole = f"{page.name.text}{version}"
    title = f"{part}[DS/OL]//{whole}" if part else f"{whole}[DS/OL]"
    return f"{who}{title}{when}{where}."
