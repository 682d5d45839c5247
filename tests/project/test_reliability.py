"""The promises of docs/reliability.md are held by tests that exist, and no test may be retried or expected to fail."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.conftest import REPOSITORY

PAGE = (REPOSITORY / "docs" / "reliability.md").read_text()
PROMISES = dict(re.findall(r"^\| (P\d+) \| (.*) \|$", PAGE, re.MULTILINE))
TESTS = re.compile(r"\[`(tests/[\w/]+\.py)`\]")
RETRIES = re.compile(r"\bxfail\(|\bflaky\b|\breruns?\b|unseeded|default_rng\(\)|Random\(\)")


def test_every_promise_is_there_and_in_order() -> None:
    assert list(PROMISES) == [f"P{number}" for number in range(1, 17)]


@pytest.mark.parametrize("promise", PROMISES)
def test_every_promise_names_files_that_hold_tests(promise: str) -> None:
    named = TESTS.findall(PROMISES[promise])
    assert named
    for file in named:
        assert "\ndef test_" in (REPOSITORY / file).read_text(), file


@pytest.mark.parametrize("promise", [key for key, told in PROMISES.items() if "(*long*)" in told])
def test_a_promise_that_has_a_long_form_has_a_deep_test(promise: str) -> None:
    files = TESTS.findall(PROMISES[promise])
    assert any("pytest.mark.deep" in (REPOSITORY / file).read_text() for file in files), files


def test_no_test_is_retried_expected_to_fail_or_left_to_chance() -> None:
    here = REPOSITORY / "tests" / "project" / "test_reliability.py"
    files = [path for path in (REPOSITORY / "tests").rglob("test_*.py") if path != here]
    assert {path.name: found[0] for path in files if (found := RETRIES.search(path.read_text()))} == {}


def test_every_survivor_has_a_reason() -> None:
    explained = tomllib.loads((REPOSITORY / "tests" / "mutants" / "survivors.toml").read_text())
    assert all(isinstance(reason, str) and len(reason) > 20 for reason in explained.values())
