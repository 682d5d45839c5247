"""``brink schema``: the JSON Schema of scenario files."""

from __future__ import annotations

import click


@click.command()
def command() -> None:
    """Print the JSON Schema of scenario files, for editors that check and complete as you type.

    \b
    Examples:
      brink schema > brink.schema.json
      # then, as the first line of a scenario, for editors with Even Better TOML:
      #:schema ../brink.schema.json
    """
    import json

    from sim.scenario.json_schema import editor_schema

    click.echo(json.dumps(editor_schema(), indent=2, ensure_ascii=False))
