"""No sentence about a result is made outside ``sim/words``.

Looked for: text put together with computed values (an f-string or ``.format``) that names a result,
anywhere else in ``sim``. Not meant: errors, which are about the input; plain text without a value,
such as explanations, labels of controls and what a lesson teaches.
"""

import ast
import re

from tests.source import SIM, trees

RESULT = re.compile(
    r"mistaken stops?|right(?:ly)? match(?:es|ed)?|stopped by mistake|false alerts?|true alerts?"
    r"|set off an alert|walks? past|arrests?\b|people scanned|well enough|people rightly"
    r"|by chance|told from chance|per 100\b|for every\b",
    re.IGNORECASE,
)


def text_of(node):
    """The text of a string with values in it, values left out; empty for anything else."""
    if isinstance(node, ast.JoinedStr) and any(
        isinstance(part, ast.FormattedValue) for part in node.values
    ):
        return "".join(part.value for part in node.values if isinstance(part, ast.Constant))
    is_format = isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "format"
    if is_format and isinstance(node.func.value, ast.Constant):
        return str(node.func.value.value)
    return ""


def sentences_about_results(tree):
    """Yield line and text of every sentence about a result that a module makes."""
    errors = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        text = text_of(node)
        is_fault = id(node) in errors or text.startswith("--")  # of an option of a command
        if RESULT.search(text) and not is_fault:
            yield node.lineno, " ".join(text.split())


def test_the_search_finds_what_it_looks_for():
    made = (
        'said = f"{count} mistaken stops"\nraise ValueError(f"{count} arrests")\nlabel = "arrests"'
    )
    assert list(sentences_about_results(ast.parse(made))) == [(1, "mistaken stops")]


def test_no_sentence_about_a_result_is_made_outside_the_words():
    found = [
        f"{path.relative_to(SIM)}:{line}: {text}"
        for path, tree in trees().items()
        if path.parent.name != "words"
        for line, text in sentences_about_results(tree)
    ]
    assert found == []
