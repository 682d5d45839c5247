"""Who may speak to the page: host, origin and key, over HTTP and WebSocket."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("starlette", reason='the page is not installed; pip install "brink[app]"')

import asyncio

from sim.app.guard import POLICY, Guard

HOST = "127.0.0.1:8765"
KEY = ("cookie", "brink-8765=secret")


async def _inside(scope: Any, receive: Any, send: Any) -> None:
    kind = "websocket.accept" if scope["type"] == "websocket" else "http.response.start"
    await send({"type": kind, "status": 200, "headers": []})


def asked(kind: str = "http", query: str = "", **headers: str) -> list[dict[str, Any]]:
    """What comes back of a request."""
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(dict(message))

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    given = [(key.encode(), value.encode()) for key, value in headers.items()]
    scope = {"type": kind, "path": "/", "query_string": query.encode(), "headers": given}
    asyncio.run(Guard(_inside, frozenset({HOST, "localhost:8765"}), "secret")(scope, receive, send))
    return sent


def status(**headers: str) -> int:
    return int(asked(**headers)[0]["status"])


def test_the_address_that_was_printed_sets_a_cookie_and_is_cleaned_of_its_key() -> None:
    found = dict(asked(query="token=secret&scenario=duel&x=<a>", host=HOST)[0]["headers"])
    assert found[b"location"] == b"/?scenario=duel&x=%3Ca%3E"
    assert found[b"set-cookie"] == b"brink-8765=secret; Path=/; HttpOnly; SameSite=Strict"


def test_with_the_cookie_a_page_is_given_under_a_strict_policy() -> None:
    (start,) = asked(host=HOST, cookie=KEY[1])
    assert start["status"] == 200
    assert dict(start["headers"])[b"content-security-policy"] == POLICY.encode()
    assert "unsafe" not in POLICY and "default-src 'none'" in POLICY


@pytest.mark.parametrize(
    "cookie", ["", "brink-8765=wrong", "brink-1=secret", "brink-8765", "\x01=\x02;;;=", "a" * 5000]
)
def test_without_the_key_nothing_is_given(cookie: str) -> None:
    assert status(host=HOST, cookie=cookie) == 403


def test_a_wrong_key_is_refused() -> None:
    assert asked(query="token=wrong", host=HOST, cookie=KEY[1])[0]["status"] == 403


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8765", "127.0.0.1", "127.0.0.1:80", ""])
def test_a_foreign_host_is_refused(host: str) -> None:
    assert status(host=host, cookie=KEY[1]) == 400
    assert refused_socket(host=host, origin=f"http://{host}", cookie=KEY[1])


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:80", "https://127.0.0.1:8765", ""]
)
def test_a_foreign_origin_is_refused(origin: str) -> None:
    assert status(host=HOST, origin=origin, cookie=KEY[1]) == 403
    assert refused_socket(host=HOST, origin=origin, cookie=KEY[1])


def test_a_socket_needs_an_origin_and_the_key() -> None:
    assert refused_socket(host=HOST, cookie=KEY[1])
    assert refused_socket(host=HOST, origin=f"http://{HOST}")
    assert (
        asked("websocket", host=HOST, origin=f"http://{HOST}", cookie=KEY[1])[0]["type"] == "websocket.accept"
    )


def refused_socket(**headers: str) -> bool:
    return [each["type"] for each in asked("websocket", **headers)] == ["websocket.close"]
