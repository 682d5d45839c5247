"""Where a story and a seat are found: addresses that answer with whole pages, and with what is fetched into them."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from sim.app import crisis, seat
from sim.app.fragments import fragment
from sim.errors import BrinkError

AT_ONCE = 2
"""Pages that are made at once; others wait."""


def routes() -> list[Route]:
    """The addresses, for the application."""
    making = asyncio.Semaphore(AT_ONCE)

    def answering(make: Callable[[str], str]) -> Callable[[Request], object]:
        async def answer(request: Request) -> Response:
            async with making:
                try:
                    return HTMLResponse(await asyncio.to_thread(make, request.url.query))
                except BrinkError as error:
                    return HTMLResponse(trouble(str(error)), status_code=400)

        return answer

    async def log(request: Request) -> Response:
        async with making:
            try:
                text = await asyncio.to_thread(events, request.url.query)
            except BrinkError as error:
                return HTMLResponse(trouble(str(error)), status_code=400)
        return Response(
            text, media_type="text/csv", headers={"content-disposition": "attachment; filename=game.csv"}
        )

    pages = {
        "/crisis": crisis.page,
        "/crisis/whatif": crisis.what_if_of,
        "/seat": seat.page,
        "/seat/advice": seat.advice,
    }
    return [
        *(Route(path, answering(make)) for path, make in pages.items()),
        Route("/seat/events.csv", log),
    ]


def trouble(text: str) -> str:
    """A page that says what is wrong."""
    return fragment("trouble", title="That does not work", explore="", lines=text.splitlines())


def events(query: str) -> bytes:
    """The event log of the game of an address, as CSV."""
    from pyarrow import csv

    out = io.BytesIO()
    csv.write_csv(seat.game_at(query).events(), out)
    return out.getvalue()
