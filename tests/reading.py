"""The reading age of a text, by the Flesch-Kincaid grade (Kincaid et al. 1975)."""

import re

_VOWELS = re.compile(r"[aeiouy]+")
_SENTENCES = re.compile(r"[.!?:;]+(?:\s|$)")
_WORDS = re.compile(r"[A-Za-z]+(?:'[a-z]+)?")


def syllables(word):
    """Count groups of vowels; a silent e at the end is none. Right for nine words of ten."""
    word = word.lower()
    found = len(_VOWELS.findall(word))
    if word.endswith("e") and not word.endswith(("le", "ee", "ye")) and found > 1:
        found -= 1
    if word.endswith("ed") and not word.endswith(("ted", "ded")) and found > 1:
        found -= 1
    return max(found, 1)


def grade(text):
    """Return the school grade at which a text can be read; 9 is about 14 years of age."""
    words = _WORDS.findall(text)
    sentences = max(len([one for one in _SENTENCES.split(text) if one.strip()]), 1)
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
