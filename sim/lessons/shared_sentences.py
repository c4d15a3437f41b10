"""Sentences that page and paper share.

State: none.
"""

HELD_WORDS = (
    "What a class guesses is held in one file on the machine that serves the page, without names. "
    "It is deleted when the teacher ends the class, when the server stops, and after 12 hours at "
    "the latest."
)
