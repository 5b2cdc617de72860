"""What a supplier says to a change we asked for, in our words.

    ref      our reference: the number of the purchase
    change   the number of the change, as we sent it
    version  which wording of it he answers; 0: the last one
    answer   received · yes · no · too_late
    reason   his words
"""

from .answer import _number, _text

ANSWERS = ("received", "yes", "no", "too_late")


def clean(raw):
    """An answer to a change in the form above; what is not agreed is left out.

    :param dict raw: as it came in
    :raise ValueError: says what is wrong, in words for the sender

    >>> clean({"ref": "P1", "change": "7", "answer": "Too late", "id": "X"})
    {'ref': 'P1', 'change': 7, 'version': 0, 'answer': 'too_late', 'reason': '', 'status': 'received'}
    >>> clean({"ref": "P1", "change": 7, "answer": "maybe"})
    Traceback (most recent call last):
    ValueError: 'maybe' is no answer: received, yes, no, too_late
    """
    if not isinstance(raw, dict):
        raise ValueError("an answer is an object")
    ref = _text(raw.get("ref"), 64)
    if not ref:
        raise ValueError("the reference of the order is missing")
    if raw.get("change") in (None, "", False):
        raise ValueError("the number of the change is missing")
    answer = _text(raw.get("answer"), 40).lower().replace(" ", "_").replace("-", "_")
    if answer not in ANSWERS:
        raise ValueError(f"{_text(raw.get('answer'), 40)!r} is no answer: {', '.join(ANSWERS)}")
    return {
        "ref": ref,
        "change": int(_number(raw["change"], "change")),
        "version": int(_number(raw.get("version") or 0, "version")),
        "answer": answer,
        "reason": _text(raw.get("reason"), 500),
        # Every stored answer has a status; a change leaves that of the order as it is.
        "status": "received",
    }
