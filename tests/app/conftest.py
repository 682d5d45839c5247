"""One server and one browser for all tests of the page, and what they look for in every light."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.conftest import REPOSITORY

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
WAIT = 60_000  # milliseconds, on a busy machine
LOOKS = ((1440, False), (1440, True), (390, False))  # width, whether it is dark
ALONE = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address that `brink app` prints, of a server in an empty folder."""
    folder = tmp_path_factory.mktemp("page")
    command = [sys.executable, "-m", "sim", "app", "--port", "0", "--no-browser"]
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=folder, env=environment)
    try:
        assert server.stdout
        yield re.findall(r"http://\S+", server.stdout.readline())[0]
    finally:
        server.terminate()
        server.wait(10)
        if server.stdout:
            server.stdout.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser; of one module, since while it is there no other event loop may run in this thread."""
    from playwright.sync_api import sync_playwright  # here, since it may be missing

    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=CHROMIUM, args=ALONE)
        yield found
        found.close()


@pytest.fixture
def tab(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Opens a tab that has the key of the server; at the end no console may have spoken and nobody else been asked.

    ``allowed`` are beginnings of further addresses that its page may ask.
    """
    here = address.partition("?")[0]
    talk = f"{here.replace('http', 'ws', 1)}talk"
    wrong: list[str] = []
    contexts = []

    def open_(width: int, dark: bool, allowed: tuple[str, ...] = ()) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light"
        )
        contexts.append(context)
        context.set_default_timeout(WAIT)
        page = context.new_page()
        page.on("console", lambda message: wrong.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda r: None if r.url.startswith((here, *allowed)) else wrong.append(r.url))
        page.on("websocket", lambda w: None if w.url == talk else wrong.append(w.url))
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not wrong


def needs_a_browser() -> None:
    """Skip the module that calls it, with a reason, where its browser or its packages are missing."""
    for needed in ("playwright", "axe_playwright_python", "starlette", "uvicorn", "websockets", "jinja2"):
        pytest.importorskip(needed, reason=f"the page's tests need {needed}")
    if not CHROMIUM:
        pytest.skip("the page's tests need Debian's chromium", allow_module_level=True)


def look(page: Page, width: int, dark: bool) -> None:
    """Show the page that is open in another width and light."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if dark else "light")


def accessible(page: Page, dark: bool) -> None:
    """Nothing is found by axe, and nothing is wider than the screen; the dark differs in its colours alone."""
    from axe_playwright_python.sync_playwright import Axe  # here, since it may be missing

    rules = {"runOnly": ["color-contrast"]} if dark else {}
    found = Axe().run(page, options={"resultTypes": ["violations"], **rules})
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), page.url
