"""``brink completion``: what a shell needs to complete commands, options, names and keys."""

from __future__ import annotations

import click

SHELLS = ("bash", "zsh", "fish")
NO_SPACE = '    [[ "${COMPREPLY[0]}" == *= ]] && compopt -o nospace\n    return 0'


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> None:
    """Print what makes SHELL complete commands, options, scenarios, results, and keys behind --set.

    \b
    Examples:
      brink completion fish | source       # in ~/.config/fish/config.fish
      eval "$(brink completion bash)"      # in ~/.bashrc
      eval "$(brink completion zsh)"       # in ~/.zshrc
    """
    from click.shell_completion import get_completion_class

    from sim.commands.main import COMPLETE, brink

    kind = get_completion_class(shell)
    assert kind is not None
    script = kind(brink, {}, "brink", COMPLETE).source()
    click.echo(script.replace("    return 0", NO_SPACE) if shell == "bash" else script)
