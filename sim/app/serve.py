"""The server of the page: its files, its WebSocket, its limits; on this machine alone unless told otherwise."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

from sim.app import fragments, keep, rooms
from sim.app.asked import parsed
from sim.app.colours import colours
from sim.app.guard import TOKEN, Guard, new_token
from sim.app.live import views
from sim.app.tab import Shared, Tab
from sim.errors import BrinkError

HERE = Path(__file__).parent
MOST_TABS = 16
EVERYWHERE = ("", "0.0.0.0", "::")
KINDS = {"csv": "text/csv", "toml": "text/plain", "svg": "image/svg+xml"}
ATTACHED = {"content-disposition": "attachment"}
MOST_MESSAGE = 65_536  # bytes


def application(shared: Shared) -> Starlette:
    """The page without its guard."""
    tabs = set[Tab]()

    async def page(_: Request) -> Response:
        return HTMLResponse(fragments.page())

    async def style(_: Request) -> Response:
        return Response(colours(), media_type="text/css")

    async def export(request: Request) -> Response:
        name, query = request.path_params["name"], request.url.query
        try:
            if name == "study.html":
                study = request.query_params.get("study", "")
                made = await asyncio.to_thread(keep.as_html, study)
                return Response(made, headers=ATTACHED, media_type="text/html")
            asked, _ = await asyncio.to_thread(parsed, query)
            text = await asyncio.to_thread(keep.as_file, name, asked, shared.answers)
        except BrinkError as error:
            return PlainTextResponse(str(error), 400)
        if text is None:
            return PlainTextResponse("there is no such file", 404)
        return Response(text, headers=ATTACHED, media_type=KINDS[name.rpartition(".")[2]])

    async def talk(connection: WebSocket) -> None:
        await connection.accept()
        if len(tabs) >= MOST_TABS:
            await connection.send_json({"notices": [f"{MOST_TABS} tabs are open; close one first"]})
            await connection.close()
            return
        tab = Tab(connection.send_json, shared)
        tabs.add(tab)
        painting = asyncio.create_task(tab.keep_painting())
        try:
            while True:
                message = await connection.receive_json()
                if isinstance(message, dict):
                    await tab.hear(message)
        except (WebSocketDisconnect, ValueError, RuntimeError):  # gone, no JSON, or gone while we spoke
            pass
        finally:
            tab.version += 1  # whatever is at work for it stops
            painting.cancel()
            tabs.discard(tab)

    return Starlette(
        routes=[
            Route("/", page),
            Route("/colours.css", style),
            Route("/export/{name}", export),
            WebSocketRoute("/talk", talk),
            *rooms.routes(),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ]
    )


def warm(shared: Shared) -> None:
    """Have the first numbers ready before anybody asks: what takes long to import is imported by the way."""
    asked, _ = parsed("")
    view = next(views(asked, shared.answers, lambda: False))
    fragments.choices(asked)
    fragments.levers(asked)
    fragments.cards(view)
    fragments.table(view)


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens there; BrinkError if it cannot, or would answer to any name."""
    if host in EVERYWHERE:
        raise BrinkError(f"--host is {host}; give the name or address by which others reach this machine")
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()  # who comes before the server is up waits
    except OSError as error:
        listening.close()
        raise BrinkError(
            f"cannot listen on {host}, port {port}: {error.strerror}; try another --port"
        ) from None
    return listening


def hosts_of(host: str, port: int) -> frozenset[str]:
    """What a browser may call this server: its own names, with the port."""
    return frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost", _in_address(host)))


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def serve(listening: socket.socket, hosts: frozenset[str], token: str, shared: Shared) -> None:
    """Serve the page until Ctrl-C."""
    guarded: Any = Guard(application(shared), hosts, token)
    config = uvicorn.Config(
        guarded,
        log_level="warning",
        access_log=False,
        ws="websockets-sansio",
        ws_max_size=MOST_MESSAGE,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])


def address(host: str, port: int, token: str) -> str:
    """What to open in a browser."""
    return f"http://{_in_address(host)}:{port}/?{TOKEN}={token}"


__all__ = ["address", "application", "bound", "hosts_of", "new_token", "serve"]
