"""What a page shows, as its address says it: scenario, numbers, baseline, run; with the keys of ``--set``.

Anybody can write an address. So nothing of it is taken on trust: what cannot be is left out, and said in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from sim.app.levers import Lever, first_shown, levers
from sim.app.presets import Preset, presets
from sim.errors import BrinkError, ScenarioError
from sim.reports.words import one_line
from sim.scenario.assumptions import is_number
from sim.scenario.files import load
from sim.scenario.find import FOLDER, HOMES, SHIPPED, scenario_files
from sim.scenario.lookup import plain
from sim.scenario.memo import remembered
from sim.scenario.scenario import Scenario
from sim.scenario.toml import parse_value, read_toml
from sim.text import printable, shown

RUNS = (64, 100_000)
DEFAULT_RUNS = 10_000
DEFAULT = "standoff"
MOST_ADDRESS = 8_000
MOST_NAME = 200
OWN = ("scenario", "baseline", "runs", "seed", "run", "levers")
RESULTS = "results"  # the folder in which studies are kept
STUDY = f"{RESULTS}/"  # how the baseline of a kept study begins


@dataclass(frozen=True)
class Asked:
    """What a tab asks for.

    name:     of the scenario, by which it is found
    base:     the scenario as its file has it
    settings: numbers that differ from it, by key
    seed:     of all luck; None for the scenario's own
    baseline: another scenario or a study to compare with; "" for the scenario itself
    runs:     how many crises in the end
    run:      the one that is told
    added:    levers shown beside the first ones
    """

    name: str
    base: Scenario
    settings: Mapping[str, float] = field(default_factory=dict)
    seed: int | None = None
    baseline: str = ""
    runs: int = DEFAULT_RUNS
    run: int = 0
    added: tuple[str, ...] = ()

    @property
    def scenario(self) -> Scenario:
        """The scenario with its numbers as they are set. Raises ScenarioError if they contradict each other."""
        return _changed(self.base, self.seed, tuple(sorted(self.settings.items())))

    @property
    def before(self) -> Scenario:
        """What it is compared with, under the same luck for as many days. Raises BrinkError if there is no such baseline."""
        if not self.baseline:
            return _changed(self.base, self.seed, ())
        own = self.scenario.study
        return _planned(_baseline(self.baseline), own.seed, own.days)

    @property
    def levers(self) -> dict[str, Lever]:
        """All levers of the scenario as its file has it, by key."""
        return _levers(self.base)

    @property
    def shown(self) -> dict[str, Lever]:
        """The levers that the page shows: the first ones, those added, and all that are set."""
        wanted = {*first_shown(self.base), *self.added, *self.settings}
        return {key: lever for key, lever in self.levers.items() if key in wanted}

    @property
    def presets(self) -> tuple[Preset, ...]:
        """Ready-made changes of the scenario as its file has it."""
        files = _files()
        file = files.get(self.name)  # none once it is taken away
        return presets(self.base, file, self.levers, files.values()) if file else ()

    def taking(self, preset: Preset) -> Asked:
        """With the numbers of a ready-made change, and no other setting."""
        asked = replace(self, settings={})
        for key, value in preset.numbers.items():
            asked = asked.setting(key, value)
        return asked

    def setting(self, key: str, value: float) -> Asked:
        """With one number moved; the scenario's own value is no setting. Raises ScenarioError for no such number."""
        lever = self.levers.get(key)
        if lever is None:
            raise ScenarioError([f"{printable(key[:80])} is no number of this scenario that can be moved"])
        settings = {name: value for name, value in self.settings.items() if name != key}
        if lever.number(value) != lever.value:
            settings[key] = lever.number(value)
        return replace(self, settings=settings)

    def address(self) -> str:
        """The query of the page's address: ``scenario=standoff&actors.caracas.resolve=0.7``; only what is not as usual."""
        own: dict[str, str | int] = {"scenario": self.name}
        more: dict[str, str | int | None] = {
            "baseline": self.baseline,
            "runs": self.runs,
            "seed": self.seed,
            "run": self.run,
        }
        usual = {"baseline": "", "runs": DEFAULT_RUNS, "seed": None, "run": 0}
        own |= {name: value for name, value in more.items() if value is not None and value != usual[name]}
        numbers = {key: plain_number(value) for key, value in self.settings.items()}
        added = [key for key in self.added if key not in self.settings]
        return urlencode({**own, **numbers, **({"levers": ",".join(added)} if added else {})}, safe=",./")

    def command(self) -> str:
        """The same as a command: ``brink run standoff --set actors.caracas.resolve=0.7 --runs 10000``."""
        sets = "".join(f" --set {key}={plain_number(value)}" for key, value in self.settings.items())
        seed = "" if self.seed is None else f" --seed {self.seed}"
        return f"brink run {self.name}{sets} --runs {self.runs}{seed}"


def plain_number(value: float) -> str:
    """A number as an address and a command have it, exactly."""
    return (
        str(value)
        if isinstance(value, int)
        else plain(value)
        if float(plain(value)) == value
        else repr(value)
    )


def scenario_names() -> dict[str, str]:
    """Names and titles of all scenarios that can be picked: those of the working folder, then those that ship."""
    return {name: _title(file, file.stat().st_mtime_ns) for name, file in _files().items()}


def scenarios_by_home() -> list[tuple[str, list[tuple[str, str]]]]:
    """The same, in groups: scenarios, claims, history."""

    def home(item: tuple[str, str]) -> str:
        return item[0].rpartition("/")[0].capitalize() or "Scenarios"

    ordered = sorted(scenario_names().items(), key=lambda item: HOMES.index(item[0].rpartition("/")[0]))
    return [(title, [*found]) for title, found in groupby(ordered, home)]


def _files() -> dict[str, Path]:
    """The file of every scenario that can be picked, by name."""
    found: dict[str, Path] = {}
    for root in (Path(FOLDER), SHIPPED):
        for home in HOMES:
            for file in scenario_files(root / home):
                found.setdefault(f"{home}/{file.stem}" if home else file.stem, file)
    return found


@lru_cache(maxsize=1024)
def _title(file: Path, _: int) -> str:
    """The title that a file has, or else its name; whether it is sound is seen when it is picked."""
    try:
        return one_line(str(read_toml(file, str(file)).get("title") or file.stem))[:MOST_NAME]
    except BrinkError:
        return file.stem


def parsed(address: str) -> tuple[Asked, list[str]]:
    """What an address asks for, and what of it cannot be, in words. Never raises for what a stranger may write."""
    told: list[str] = []
    pairs = dict(parse_qsl(address[:MOST_ADDRESS].lstrip("?"), max_num_fields=None))
    name = pairs.get("scenario", DEFAULT)
    asked = _of(name, told)
    asked = replace(asked, runs=_whole(pairs, "runs", RUNS, DEFAULT_RUNS, told))
    asked = replace(asked, run=_whole(pairs, "run", (0, asked.runs - 1), 0, told))
    own = asked.base.study.seed
    seed = _whole(pairs, "seed", (0, 2**63 - 1), own, told)
    asked = _compared(replace(asked, seed=None if seed == own else seed), pairs.get("baseline", ""), told)
    added = tuple(key for key in pairs.get("levers", "").split(",") if key in asked.levers)
    asked = replace(asked, added=added)
    for key, text in pairs.items():
        if key not in OWN:
            asked = _set(asked, key, text, told)
    return asked, told


def picked(name: str) -> Asked:
    """A scenario as it is. Raises ScenarioError if there is none of that name that is sound."""
    file = _files().get(name)
    if file is None:
        raise ScenarioError([f"there is no scenario {shown(name)} to pick"])
    return Asked(name, _loaded(file, file.stat().st_mtime_ns))


@lru_cache(maxsize=32)
def _loaded(file: Path, _: int) -> Scenario:
    return load(file)


def _of(name: str, told: list[str]) -> Asked:
    try:
        return picked(name)
    except BrinkError as error:
        told.append(f"{error}; this is {DEFAULT} instead")
        return picked(DEFAULT)


def _compared(asked: Asked, baseline: str, told: list[str]) -> Asked:
    after = replace(asked, baseline=baseline[:MOST_NAME])
    try:
        after.before  # noqa: B018 — refuses what is no baseline
    except BrinkError as error:
        told.append(f"{error}; compared with the scenario itself instead")
        return asked
    return after


def _whole(pairs: dict[str, str], name: str, limits: tuple[int, int], usual: int, told: list[str]) -> int:
    text = pairs.get(name)
    if text is None:
        return usual
    found = int(text) if text.isdecimal() and text.isascii() and len(text) < 20 else None
    if found is not None and limits[0] <= found <= limits[1]:
        return found
    near = usual if found is None else min(limits[1], max(limits[0], found))
    told.append(
        f"{name} is {shown(text)}; it must be between {limits[0]:,} and {limits[1]:,}; taken as {near:,}"
    )
    return near


def _set(asked: Asked, key: str, text: str, told: list[str]) -> Asked:
    try:
        value = parse_value(text)
        if not is_number(value) or value != value:
            raise ScenarioError([f"{printable(key[:80])} is {shown(text)}, which is no number"])
        after = asked.setting(key, value)
        if (now := after.settings.get(key, value)) != value:
            told.append(f"{key} is {shown(text)}, beyond what is allowed; taken as {plain_number(now)}")
        after.scenario  # noqa: B018 — refuses numbers that contradict each other
    except BrinkError as error:
        told.append(f"{error}; left out")
        return asked
    return after


@remembered
def _changed(base: Scenario, seed: int | None, settings: tuple[tuple[str, float], ...]) -> Scenario:
    over = dict(settings) | ({} if seed is None else {"study.seed": seed})
    return base.replace(over) if over else base


@remembered
def _planned(scenario: Scenario, seed: int, days: int) -> Scenario:
    return scenario.replace({"study.seed": seed, "study.days": days})


@remembered
def _baseline(name: str) -> Scenario:
    """A scenario, or the one that a kept study is of."""
    if not name.startswith(STUDY):
        return picked(name).base
    from sim.experiments.study.study import open_study  # here, since pandas takes long to import

    if name.removeprefix(STUDY) not in kept_studies():
        raise ScenarioError([f"there is no study {shown(name)} to compare with"])
    return open_study(name).scenario


def kept_studies() -> list[str]:
    """Names of the studies in the folder of results, which can be compared with."""
    from sim.results.folder import list_kept

    return [Path(each["folder"]).name for each in list_kept(RESULTS) if each["what"] == "study"]


@remembered
def _levers(scenario: Scenario) -> dict[str, Lever]:
    return levers(scenario)
