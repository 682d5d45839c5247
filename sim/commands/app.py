"""``brink app``: a page on this machine on which assumptions are moved and crises watched."""

from __future__ import annotations

import click

from sim.terminal.inputs import WholeNumber

HERE = "127.0.0.1"
PORT = 8765
MISSING = 'the page needs a few packages more; pip install "brink[app]" installs them'


@click.command()
@click.option(
    "--port",
    type=WholeNumber(0, 65_535),
    default=PORT,
    show_default=True,
    metavar="N",
    help="Port; 0 takes a free one.",
)
@click.option("--no-browser", is_flag=True, help="Print the address and open nothing.")
@click.option(
    "--host",
    default=HERE,
    show_default=True,
    metavar="HOST",
    help="Listen elsewhere too: whoever reaches it and has the address with its key may run crises here.",
)
def command(port: int, no_browser: bool, host: str) -> None:
    """Open a page that shows, while you move an assumption, how a thousand crises would go.

    The page is served by this machine to this machine, calls nobody, and ends with Ctrl-C. What is kept from it is kept
    in results/, as by `brink run`.

    \b
    Examples:
      brink app
      brink app --port 9000 --no-browser
    """
    from sim.errors import BrinkError

    try:
        from sim.app import serve
        from sim.app.tab import Shared
    except ModuleNotFoundError as missing:
        if (missing.name or "").split(".")[0] == "sim":
            raise
        raise BrinkError(MISSING) from None
    from sim.engines.warm_up import ready
    from sim.scenario.files import load

    listening = serve.bound(host, port)
    port = listening.getsockname()[1]
    ready(load("standoff"), lambda words: click.echo(words, err=True))
    shared = Shared()
    serve.warm(shared)  # in this thread, which Ctrl-C can stop: the model may be compiled by the way
    token = serve.new_token()
    where = serve.address(host, port, token)
    if host != HERE:
        click.echo(
            f"Listening on {host}: whoever reaches it and has this address may run crises on this machine.",
            err=True,
        )
    click.echo(f"Brink is at {where}\nCtrl-C ends it.")
    if not no_browser:
        import webbrowser

        webbrowser.open(where)
    serve.serve(listening, serve.hosts_of(host, port), token, shared)
