"""What a study has besides its odds, in a few plain lines each."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.study import Study

SELDOM = 1e-3  # below, chances are told as "1 in 15,900" and as a number
ARMS_TOLD = ("war", "miscalculated", "exit", "settlement")


def besides(study: Study) -> str:
    """The study's parts in words, a paragraph each; nothing if it has none."""
    paragraphs = ["\n".join(_precision(study))] if study.stopped else []
    paragraphs += ["\n".join(TOLD[name](study)) for name in study.parts if name in TOLD]
    return "".join(f"\n\n{paragraph}" for paragraph in paragraphs)


def _precision(study: Study) -> list[str]:
    """'Known as well as was asked, at n = 23,171: war 20.5 % (20.0 to 21.0).'"""
    from sim.estimate import words
    from sim.report import TITLES

    assert study.stopped
    known = [f"{TITLES[name]} {words(found)}" for name, found in study.stopped.estimates().items()]
    return [f"Known as well as was asked, at n = {study.runs:,}: {', '.join(known)}."]


def _rare(study: Study) -> list[str]:
    """'War, reckoned: 8.8e-06 (8.3e-06 to 9.4e-06), 1 in 114,000 (…)'."""
    from sim.rare import COUNTED, odds, rows

    lines = []
    for found in rows(study.part("rare")["rare"]):
        if found.method == COUNTED:
            lines.append(
                f"War, not reckoned: its chance comes from too few runs ({found.effective:.1f} of equal weight). "
                f"Counted: {odds(found)}."
            )
            continue
        bare = f"{found.value:.2g} ({found.low:.2g} to {found.high:.2g}), " if found.value < SELDOM else ""
        lines.append(
            f"War, reckoned: {bare}{odds(found)}; "
            f"relative error {100 * found.relative_error:.2g} %, n = {found.n:,}, {found.count:,} counted."
        )
    return lines


def _twins(study: Study) -> list[str]:
    """The four cells, and what fog changes on balance."""
    from sim.estimate import proportion
    from sim.estimate import words as share
    from sim.paired import in_row, words

    found: dict[tuple[str, str], dict[Any, Any]] = {
        (str(row["quantity"]), str(row["item"])): row
        for row in study.part("twins")["twins"].to_dict("records")
    }
    cells = {
        name: share(proportion(int(row["count"]), int(row["n"])))
        for (quantity, name), row in found.items()
        if quantity == "cell"
    }
    net = {name: words(in_row(found["net", name])) for name in ("war", "exit", "settlement")}
    return [
        f"Miscalculated war: {cells['miscalculated']}; structural, war also in the clear-sighted twin: {cells['structural']}.",
        f"Prevented by fog: {cells['prevented']}; peace in both: {cells['peace']}.",
        f"Fog on balance: war {net['war']}; exit {net['exit']}; settlement {net['settlement']}.",
    ]


def _attribution(study: Study) -> list[str]:
    """What each channel of fog adds to war, the largest first."""
    from sim.attribution import CHANNEL_TITLES, TOTAL
    from sim.commands.tables import columns
    from sim.paired import in_row, words

    table = study.part("attribution")["attribution"]
    here = table[(table["suspicion"] == "as is") & (table["game"] == "war")]
    found = {str(row["channel"]): in_row(row) for _, row in here.iterrows()}
    whole = found.pop(TOTAL)
    rows = [
        (f"  {CHANNEL_TITLES[name]}", words(each))
        for name, each in sorted(found.items(), key=lambda pair: -abs(pair[1].value))
    ]
    return ["What each channel of fog adds to war:", columns([*rows, ("  all fog", words(whole))])]


def _arms(study: Study) -> list[str]:
    """What differs between the first arm and each other one."""
    from sim.commands.compared import difference_lines

    labels = {arm.name: arm.label for arm in study.scenario.arms}
    return difference_lines(labels, study.part("arms"), ARMS_TOLD)


TOLD: dict[str, Callable[[Study], list[str]]] = {
    "rare": _rare,
    "twins": _twins,
    "attribution": _attribution,
    "arms": _arms,
}
