"""A story and a seat in a real browser: a whole game by keyboard, readable by machines, in both lights and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.app.conftest import LOOKS, accessible, look, needs_a_browser

needs_a_browser()

if TYPE_CHECKING:
    from playwright.sync_api import Page

SEVEN = "seat?scenario=standoff&seed=1&run=7&seat.caracas="
STORY = "crisis?scenario=standoff&run=9"
Open = Callable[..., "Page"]


@pytest.fixture
def opened(tab: Callable[..., Page], address: str) -> Open:
    """Opens an address of the server."""
    here = address.partition("?")[0]

    def open_(where: str, width: int = 1200, dark: bool = False) -> Page:
        page = tab(width, dark)
        page.goto(address)  # which gives the tab its key
        page.goto(f"{here}{where}")
        return page

    return open_


def send(page: Page, digits: str) -> None:
    """Type the number of a signal, and Enter; wait for the next page."""
    before = page.url
    page.keyboard.type(digits)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != before)


def test_a_whole_game_is_played_by_keyboard_replayed_by_its_link_and_exported(
    opened: Open, tmp_path: Path
) -> None:
    page = opened(SEVEN)
    numbers = {
        text.split(maxsplit=1)[1]: text.split()[0]
        for text in page.locator(".choice:visible").all_inner_texts()
    }
    for signal in ("call, in private", "condemnation", "hold"):
        send(page, numbers[signal])
    assert "seat.caracas=call.condemn.hold" in page.url
    assert page.locator("h1").inner_text().startswith("Day 3")
    page.keyboard.press("?")
    page.wait_for_selector("text=crises imagined for each signal")
    last = page.locator(".choice").count()  # the last number is an act that ends the crisis, behind a fold
    send(page, str(last))
    assert page.locator("h1").inner_text().startswith("Day 3 (3 December 2025): ")
    assert page.locator("text=What they really were").is_visible()
    again = opened(page.url.partition("/seat?")[2].join(["seat?", ""]))
    assert page.evaluate("() => getComputedStyle(document.body).getPropertyValue('--sheet')")
    assert again.locator("main").inner_text() == page.locator("main").inner_text()
    with page.expect_download() as loading:
        page.locator("text=Event log").click()
    loading.value.save_as(tmp_path / "game.csv")
    rows = (tmp_path / "game.csv").read_text().splitlines()
    assert rows[0].startswith('"run","day","date","actor"') and len(rows) == 1 + 4 * 8


def test_a_story_is_turned_by_keys_and_asked_what_if(opened: Open) -> None:
    page = opened(f"{STORY}&pick=miscalculated")
    page.keyboard.press("n")
    page.wait_for_url("**run=11**")
    page.keyboard.press("p")
    page.wait_for_url("**run=9**")
    page.locator("details.ask summary").first.click()
    page.locator("button.day").first.click()
    page.wait_for_selector("text=continuations for each signal")


def test_the_other_views_are_of_the_scenario_that_was_explored(opened: Open) -> None:
    page = opened("?scenario=duel&runs=64&run=5&actors.south.resolve=0.7")
    page.wait_for_function("() => document.querySelector('a[data-view]').href.includes('actors.south')")
    page.locator("text=Play a seat").click()
    page.wait_for_selector("text=South")
    assert "scenario=duel&runs=64&actors.south.resolve=0.7" in page.url
    page.locator("a.button", has_text="South").first.click()
    assert "actors.south.resolve=0.7" in page.url and "seat.south=" in page.url


@pytest.mark.parametrize(
    "where",
    ["seat", f"{SEVEN}call.condemn.hold&adviser=1", f"{SEVEN}call.condemn&leave=1", STORY],
    ids=["choice", "adviser", "debrief", "story"],
)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(opened: Open, where: str) -> None:
    page = opened(where)
    page.wait_for_load_state("networkidle")
    page.evaluate(
        "() => [...document.querySelectorAll('details')].slice(0, 3).forEach(each => each.open = true)"
    )
    for width, dark in LOOKS:
        look(page, width, dark)
        accessible(page, dark)
