"""Files shown by the program that a user's desktop has for them."""

from __future__ import annotations

from pathlib import Path

import click

open_option = click.option("--open", "opens", is_flag=True, help="Show it when it is done.")


def shown_to_user(path: Path) -> None:
    """Open a file as the desktop does; where there is none, say so."""
    if click.launch(str(path)):
        click.echo(f"{path}: nothing here can show it; open it yourself.", err=True)
