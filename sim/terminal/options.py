"""Options that several commands have in common."""

from __future__ import annotations

import click

from sim.terminal import completing

one_scenario = click.argument("scenario", metavar="SCENARIO", shell_complete=completing.scenarios)

out_option = click.option(
    "--out", default="results", show_default=True, metavar="DIR", help="Where to write the results."
)

name_option = click.option("--name", metavar="NAME", help="Name of the folder of results.")
replace_option = click.option(
    "--replace", is_flag=True, help="Let it take the place of another result of that --name."
)
figures_option = click.option(
    "--figures",
    type=click.Choice(("main", "all")),
    is_flag=False,
    flag_value="main",
    default="main",
    help="Draw the main figures, or all. brink plot draws any of them later.  [default: main]",
)
no_figures_option = click.option("--no-figures", is_flag=True, help="Draw no figures.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")

executor_option = click.option(
    "--executor",
    default="threads",
    show_default=True,
    metavar="WHO",
    help="Who computes: threads[:N], processes[:N], dask[:N] (threads, no port is opened) or dask:tcp://HOST:PORT (trusts all who reach it). Results are the same.",
)

html_option = click.option(
    "--html", is_flag=True, help="Also write the page as one HTML file that can be mailed, figures inside."
)

quiet_option = click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
