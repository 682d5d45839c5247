"""A page as one HTML file that can be mailed: its pictures inside, its tables sortable, and no request to anywhere.

What a page takes from a scenario (titles, names, sources) stays text: the page's Markdown may hold headings, lists,
tables, emphasis, code and pictures of its own, and no tag, no link and no other picture.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

Pictures = Mapping[str, bytes]
"""SVG files by the names that a page has for them, as "escalation.png"."""

HERE = Path(__file__).parent
NO_LINKS_NO_TAGS = ("link", "autolink", "reference", "html_inline", "html_block")
FEWEST_SECTIONS = 4  # that a page has a list of contents for


def html(markdown: str, pictures: Pictures) -> str:
    """The page as a whole HTML document. A picture that is not among ``pictures`` is left out.

    It shows light or dark as the reader's machine does, prints without its buttons, and is whole without its script,
    which does nothing but sort tables.
    """
    tokens = _reader(pictures).parse(markdown)
    heads = _numbered(tokens)
    reader = _reader(pictures)
    body = reader.renderer.render(tokens, reader.options, {})
    style, script = (HERE / "page.css").read_text("utf-8"), (HERE / "page.js").read_text("utf-8")
    policy = (
        f"default-src 'none'; img-src data:; style-src {_hashed(style)}; script-src {_hashed(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(_title(tokens))}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n"
        f"{_with_contents(body, heads)}</main>\n<script>{script}</script>\n</body>\n</html>\n"
    )


def table_in(markdown: str) -> str:
    """The first table of a text as HTML; the text as it is if it has none."""
    body = _reader({}).render(markdown)
    begin, end = body.find("<table"), body.find("</table>")
    return body[begin : end + len("</table>")] if 0 <= begin < end else f"<pre>{escape(markdown)}</pre>"


def _reader(pictures: Pictures) -> MarkdownIt:
    from markdown_it import MarkdownIt  # 30 ms that no other command needs

    reader = MarkdownIt("commonmark", {"html": False}).enable("table").disable(list(NO_LINKS_NO_TAGS))

    def image(_: Any, tokens: Sequence[Token], i: int, *__: Any) -> str:
        return _picture(str(tokens[i].attrs["src"]), tokens[i].content, pictures)

    def cell(renderer: Any, tokens: Sequence[Token], i: int, *rest: Any) -> str:
        if (
            tokens[i].attrs.pop("style", "") == "text-align:right"
        ):  # a style would need a policy that lets all in
            tokens[i].attrSet("class", "right")
        return str(renderer.renderToken(tokens, i, *rest))

    def table(*_: Any) -> str:
        return '<div class="wide"><table>\n'

    reader.add_render_rule("image", image)
    reader.add_render_rule("td_open", cell)
    reader.add_render_rule("th_open", cell)
    reader.add_render_rule("table_open", table)
    reader.add_render_rule("table_close", lambda *_: "</table></div>\n")
    return reader


def _picture(name: str, alternative: str, pictures: Pictures) -> str:
    if name not in pictures:
        return ""
    inside = b64encode(pictures[name]).decode()
    return f'<img src="data:image/svg+xml;base64,{inside}" alt="{escape(alternative)}">'


def _numbered(tokens: Sequence[Token]) -> list[tuple[str, str]]:
    """Give each section an anchor; anchors and headings in order."""
    found: list[tuple[str, str]] = []
    for i, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h2":
            anchor = f"s{len(found) + 1}"
            token.attrSet("id", anchor)
            found.append((anchor, _plain(tokens[i + 1])))
    return found


def _title(tokens: Sequence[Token]) -> str:
    heads = (
        _plain(tokens[i + 1]) for i, token in enumerate(tokens) if token.tag == "h1" and token.nesting == 1
    )
    return next(heads, "Brink")


def _plain(inline: Token) -> str:
    """The text of a heading, its marks taken out."""
    return "".join(each.content for each in inline.children or () if each.type != "image")


def _with_contents(body: str, heads: Sequence[tuple[str, str]]) -> str:
    """The body with a list of its sections before the first of them, if there are several."""
    if len(heads) < FEWEST_SECTIONS:
        return body
    listed = "".join(f'<li><a href="#{anchor}">{escape(head)}</a></li>' for anchor, head in heads)
    contents = f"<nav><details><summary>Contents</summary><ul>{listed}</ul></details></nav>\n"
    first = body.index('<h2 id="s1"')
    return body[:first] + contents + body[first:]


def _hashed(text: str) -> str:
    """How a policy names an inline style or script: by its SHA-256."""
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
