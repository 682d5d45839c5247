"""Words that a newcomer meets on the page, each in a sentence or two."""

from __future__ import annotations

GLOSSARY = {
    "war": "Raid, invasion or attack, which a capital decides, or loss of control, which nobody does.",
    "structural": "War that would also come if both capitals saw each other's resolve and appetite as they are.",
    "private information": "What is added because neither capital knows how resolved the other is. Below zero, not knowing holds them back.",
    "misperception": "What fog adds on top: signals that are lost, misread or held to be more hostile than they were meant.",
    "fog": "All that keeps a capital from reading the other rightly: missing channels, loud words, strikes of unclear intent, opaque talks, suspicion.",
    "exit": "The leadership that is pressed accepts a live offer to leave.",
    "settlement": "One of the two accepts the terms that the other has on the table.",
    "faded": "The crisis ends by itself: a daily chance while tension is low.",
    "limited force": "At least one strike on the other's soil short of war, however the crisis ends.",
    "resolve": "What a capital will bear to prevail: 0 gives way at once, 1 bears almost anything.",
    "tension": "How hot the last days were, from 0 to 1: it rises with hostile acts and with blood, and cools by itself.",
    "felt": "How hostile the other side's day seemed to you, from −1 (friendly) to 1 (war). Fog and suspicion may have made some of it up.",
    "staked": "What a capital has said in public that it would be costly to go back on, from 0 to 1.",
    "terms": "What is demanded, and what would be given, as shares of what is at stake. Concessions move them; who accepts ends the crisis.",
    "miscalculated war": "A war that does not come, with the same luck, where both capitals see each other as they are.",
    "closest call": "A crisis that ended without war, though the chances of war of its days add up to more than almost any other's.",
    "paired": "Both sides of a comparison have the same luck, run by run, so that what differs is owed to the numbers that you moved.",
    "interval": "How far chance in a finite number of runs may have moved the share: 95 of 100 such intervals hold the true one. It says nothing of whether the model is right.",
    "honest range": "Between which values the number may honestly lie, by the scenario's own register of assumptions.",
}
"""Word and meaning; shown behind a question mark where the word is first met."""
