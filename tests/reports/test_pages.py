"""Pages: the box is short, whatever a user writes stays text, and the HTML file asks for nothing from anywhere."""

from __future__ import annotations

import hashlib
import re
from base64 import b64decode, b64encode
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from sim.reports.html import html
from sim.reports.page import MOST_WORDS, boxed, composed, literal

NASTY = (
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "![x](https://example.org/spy.png)",
    "a **bold** `code` _word_ & &lt; # 1",
    "<https://example.org>",
    "back\\slash \\[x](y)",
    "</title><script>alert(1)</script>",
)
PAGE = "# A title\n\nAn opening.\n\n## One\n\n| a | b |\n| --- | ---: |\n| x | 1 |\n"


class Tags(HTMLParser):
    """All tags of a document, each with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, dict(attrs)))


def words_of(lines: list[str]) -> int:
    return len(" ".join(lines).replace(">", "").replace("**", "").split())


@given(
    st.lists(st.tuples(st.text("ab ", min_size=1, max_size=9), st.text("ab .A", max_size=2000)), max_size=6)
)
def test_a_box_has_at_most_150_words(box: list[tuple[str, str]]) -> None:
    assert words_of(boxed(box)) <= MOST_WORDS


def test_a_box_that_is_too_long_loses_whole_sentences_at_its_end() -> None:
    long = "Long " + " ".join(["word"] * 99) + "."
    kept = boxed([("One", f"A b. {long}"), ("Two", f"C d. {long} Last one.")])
    assert kept == [f"> **One.** A b. {long}", ">", "> **Two.** C d."]


@given(st.text(max_size=60))
def test_a_literal_is_one_line_of_text_whatever_it_holds(text: str) -> None:
    reader = MarkdownIt("commonmark")
    inline = next(each for each in reader.parse(f"x {literal(text)} y") if each.type == "inline")
    shown = "".join(each.content for each in inline.children or ())
    assert {each.type for each in inline.children or ()} <= {"text", "text_special"}
    assert shown.split() == f"x {text} y".replace("\0", "\ufffd").split()


def test_a_plain_name_is_left_as_it_is() -> None:
    for name in ("Washington and Caracas, 30 November 2025", "port_of_spain", "A (b): c - d's 5 %", "Nr. 1!"):
        assert literal(name) == name


def test_a_picture_that_a_page_does_not_name_stands_after_its_opening_and_the_box_before_it() -> None:
    page = composed(
        "# T\n\nOpening.\n\n![m](main.png)\n", [("Head", "Said.")], ["main.png", "more_of_it.png"]
    )
    assert page == "# T\n\n> **Head.** Said.\n\nOpening.\n\n![More of it](more_of_it.png)\n\n![m](main.png)\n"


def test_a_picture_is_never_put_into_code_that_has_an_empty_line() -> None:
    page = composed("# T\n\n```text\na\n\nb\n```\n", (), ["p.png"])
    assert page == "# T\n\n![P](p.png)\n\n```text\na\n\nb\n```\n"


@pytest.mark.parametrize("title", NASTY)
def test_whatever_a_title_holds_the_document_has_the_tags_of_a_plain_one(title: str) -> None:
    def tags(name: str) -> list[str]:
        text = PAGE.replace("A title", literal(name)).replace("| x |", f"| {literal(name)} |")
        return [tag for tag, _ in Tags(html(text, {})).all]

    assert tags(title) == tags("plain")


@pytest.mark.parametrize("title", NASTY)
def test_even_a_title_that_nobody_escaped_makes_no_link_no_script_and_no_picture(title: str) -> None:
    found = Tags(html(f"# T\n\n{title}\n", {})).all
    assert not [tag for tag, _ in found if tag in ("a", "img", "iframe", "link", "object")]
    assert [tag for tag, _ in found].count("script") == 1


def test_the_document_asks_for_nothing_and_its_policy_lets_nothing_else_in() -> None:
    text = html(f"{PAGE}\n![Picture](p.png)\n\n![None](other.png)\n", {"p.png": b"<svg></svg>"})
    found = Tags(text).all
    (policy,) = (at["content"] or "" for _, at in found if at.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; img-src data:; ") and "unsafe" not in policy
    (picture,) = (at for tag, at in found if tag == "img")
    assert b64decode((picture["src"] or "").removeprefix("data:image/svg+xml;base64,")) == b"<svg></svg>"
    assert picture["alt"] == "Picture"
    for tag, at in found:
        assert "style" not in at and not [name for name in at if name.startswith("on")], tag
        assert all((at.get(name) or "#").startswith(("#", "data:")) for name in ("href", "src")), tag
    assert "url(" not in text and "@import" not in text


def test_the_policy_names_the_style_and_the_script_that_are_there() -> None:
    text = html(PAGE, {})
    for tag in ("style", "script"):
        (inside,) = re.findall(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        named = b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{named}'" in text


def test_numbers_stand_right_and_sections_can_be_gone_to() -> None:
    text = html(PAGE + "".join(f"\n## Section {i}\n\nText.\n" for i in range(4)), {})
    assert '<td class="right">1</td>' in text and "<td>x</td>" in text
    assert '<a href="#s2">Section 0</a>' in text and '<h2 id="s2">Section 0</h2>' in text
    assert "<title>A title</title>" in text
