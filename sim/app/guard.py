"""Who may speak to the page: this machine's own browser, by the address that was printed, and nobody else."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlencode

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

COOKIE = "brink"
TOKEN = "token"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), usb=()",
    "cache-control": "no-store",
}
NO_HOST = "This page answers only to the address that `brink app` printed."
NO_TOKEN = "Open the address that `brink app` printed: it has the key of this start."


class Guard:
    """An ASGI application that lets requests through to another, if host, origin and key are right.

    The key comes once in the address (?token=…), is kept as a cookie that no script can read, and the address is
    cleaned of it. A WebSocket must come from a page of ours.
    """

    def __init__(self, app: App, hosts: frozenset[str], token: str) -> None:
        self._app, self._hosts, self._token = app, hosts, token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse or pass on."""
        if scope["type"] == "lifespan":
            return await self._app(scope, receive, send)
        headers = {key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]}
        host, origin = headers.get("host", ""), headers.get("origin")
        socket = scope["type"] == "websocket"
        if host not in self._hosts:
            return await _refuse(scope, send, 400, NO_HOST)
        if (origin is None and socket) or (origin is not None and origin != f"http://{host}"):
            return await _refuse(scope, send, 403, NO_HOST)
        pairs = parse_qsl(scope["query_string"].decode("latin-1"))
        given = dict(pairs).get(TOKEN)
        if given is not None and not socket:
            if not self._is_ours(given):
                return await _refuse(scope, send, 403, NO_TOKEN)
            rest = urlencode([pair for pair in pairs if pair[0] != TOKEN], safe=",./")
            return await _redirect(send, f"/?{rest}" if rest else "/", self._cookie(host))
        if not self._is_ours(_cookie_of(headers, _name(host))):
            return await _refuse(scope, send, 403, NO_TOKEN)
        return await self._app(scope, receive, send if socket else _with_headers(send))

    def _is_ours(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self._token.encode())

    def _cookie(self, host: str) -> str:
        return f"{_name(host)}={self._token}; Path=/; HttpOnly; SameSite=Strict"


def new_token() -> str:
    """A key for one start."""
    return secrets.token_urlsafe(24)


def _name(host: str) -> str:
    """The cookie of a host and port: cookies do not know ports, and two pages may be open."""
    return f"{COOKIE}-{host.rpartition(':')[2]}"


def _cookie_of(headers: dict[str, str], name: str) -> str:
    found = SimpleCookie()
    try:
        found.load(headers.get("cookie", ""))
    except CookieError:
        return ""
    return found[name].value if name in found else ""


def _with_headers(send: Send) -> Send:
    async def sent(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            own = [(key.encode(), value.encode()) for key, value in HEADERS.items()]
            kept = [pair for pair in message["headers"] if pair[0].decode().lower() not in HEADERS]
            message = {**message, "headers": [*kept, *own]}
        await send(message)

    return sent


async def _refuse(scope: Scope, send: Send, status: int, words: str) -> None:
    """Say no, in words; a WebSocket is closed before it opens, which its client sees as 403."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": ""})
        return
    await _answer(send, status, [(b"content-type", b"text/plain; charset=utf-8")], words.encode())


async def _redirect(send: Send, where: str, cookie: str) -> None:
    await _answer(send, 303, [(b"location", where.encode()), (b"set-cookie", cookie.encode())], b"")


async def _answer(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    guarded = _with_headers(send)
    await guarded({"type": "http.response.start", "status": status, "headers": headers})
    await guarded({"type": "http.response.body", "body": body})
