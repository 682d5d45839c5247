"""What a scenario calls its outcomes: by its own ``[outcomes]``, by its signals' words, or as the schema does."""

from __future__ import annotations

from sim.scenario.tables import ScenarioTables
from sim.schema.outcomes import KINDS, Kind, OutcomeWords
from sim.schema.signals import shipped_vocabulary

NOBODY = {"coercer": "the coercer", "target": "the target"}


def outcome_words(scenario: ScenarioTables | None = None) -> dict[str, OutcomeWords]:
    """Title and definition of every outcome, by its name and in the order of tables.

    What ``[outcomes]`` leaves out is taken from the decisive signals that end a crisis so, if the scenario words them in
    its own way, else from the schema. Without a scenario, actors are called by their roles.
    """
    if scenario is None:
        return {
            kind.name: OutcomeWords(title=kind.title, definition=_named(kind.definition, NOBODY))
            for kind in KINDS
        }
    said = {kind.name: _said(scenario, kind) for kind in KINDS}
    wars = [said[kind.name].title for kind in KINDS if kind.is_war]
    if "war" not in scenario.outcomes:
        war = f"{', '.join(wars[:-1])} or {wars[-1]} before the horizon"
        said["war"] = said["war"].model_copy(update={"definition": war})
    return said


def outcome_titles(scenario: ScenarioTables) -> dict[str, str]:
    """What a scenario calls every outcome, by its name."""
    return {name: words.title for name, words in outcome_words(scenario).items()}


def _said(scenario: ScenarioTables, kind: Kind) -> OutcomeWords:
    own, names = scenario.outcomes.get(kind.name, OutcomeWords()), _names(scenario)
    title, definition = own.title, own.definition
    for key, signal in scenario.signals.items():
        shipped = shipped_vocabulary().get(key, {})
        if signal.ends != kind.name:
            continue
        if signal.title and signal.title != shipped.get("title"):
            title = title or signal.title
        if signal.phrase and signal.phrase != shipped.get("phrase") and len(signal.senders) == 1:
            definition = definition or f"{{{signal.senders[0]}}} {signal.phrase}"
    return OutcomeWords(title=title or kind.title, definition=_named(definition or kind.definition, names))


def _names(scenario: ScenarioTables) -> dict[str, str]:
    return {role: scenario.label(getattr(scenario, role)) for role in NOBODY}


def _named(words: str, names: dict[str, str]) -> str:
    """The words with the names of those who play put in."""
    for role, name in names.items():
        words = words.replace(f"{{{role}}}", name)
    return words
