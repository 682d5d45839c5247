"""A sample of what ``python -m tests.fuzz`` tries without end."""

from __future__ import annotations

import pytest

from tests.fuzz.__main__ import tried


@pytest.mark.deep
@pytest.mark.parametrize(("kind", "most"), [("scenarios", 200), ("stores", 40), ("commands", 150)])
def test_a_sample_of_damage_is_met_in_plain_words(kind: str, most: int) -> None:
    assert tried(kind, seed=1, first=0, most=most, budget=100) == []
