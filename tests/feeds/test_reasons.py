"""Every code the reader can give is on the list, and every code of the list has words for people."""

import ast
import re
from pathlib import Path

from feeds.reasons import CODES, COMPARED, FILES, HARMLESS, ROWS

ADDON = Path(__file__).resolve().parents[2] / "dropship_flow"
# Codes of prices for freight and of files made by the suite itself have words of their own.
READING = [path for path in (ADDON / "feeds").glob("*.py") if path.stem not in ("freight", "pricing", "reasons")]


def given():
    text = "\n".join(path.read_text() for path in READING)
    found = set(re.findall(r'(?:FeedError|ValueProblem)\(\s*"([a-z_]+)"', text))
    found |= set(re.findall(r'broken\([^"\n]*"([a-z_]+)"', text))
    found |= set(re.findall(r'\("([a-z_]+)", \{', text))
    return found | set(re.findall(r'(?:else|if cut else|return) "((?:zip|broken|too)_[a-z]+)"', text))


def words():
    """{dictionary: {code: sentence}} of the Odoo layer, read without it."""
    tree = ast.parse((ADDON / "models" / "price_list_text.py").read_text())
    return {
        node.targets[0].id: {
            key.value: value.args[0].value for key, value in zip(node.value.keys, node.value.values, strict=True)
        }
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)
    }


def test_no_code_is_given_that_is_not_on_the_list():
    assert given() - set(CODES) == set()


def test_every_code_has_words_with_its_figures():
    sentences = words()
    assert set(sentences["REFUSALS"]) == set(FILES)
    assert set(sentences["REASONS"]) == {*ROWS, *COMPARED}
    for code, sentence in {**sentences["REFUSALS"], **sentences["REASONS"]}.items():
        used = set(re.findall(r"%\((\w+)\)s", sentence))
        assert used <= set(CODES[code]), code


def test_harmless_rows_are_rows():
    assert set(ROWS) >= HARMLESS
