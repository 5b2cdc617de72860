"""Reads an answer against the order it answers: what it says of each line, or why it cannot be about this order."""

from decimal import Decimal

from .model import ZERO, Problem, Said

NO = ("rejected", "cancelled")


def read(lines, answer, currency):
    """What an answer says of the lines it names (all of them when it names none).

    Nothing of an answer with a problem is to be done. What he does not mention of a named line he does not have; a
    quantity he names counts on what is still ordered, and a part he refused before may be named again.

    :param list lines: [Line] of the purchase
    :param dict answer: as `connectors.answer.clean` gives it
    :param str currency: of the purchase
    :return: ({line key: Said}, [Problem])

    >>> from .model import Line
    >>> five = Line("7", "A-1", Decimal(5), Decimal(5))
    >>> entry = {"line": "7", "accepted": 3, "backordered": 1, "rejected": 1, "date": "2026-12-24"}
    >>> said, problems = read([five], {"status": "changed", "lines": [entry]}, "EUR")
    >>> [str(quantity) for quantity in said["7"][:4]], problems
    (['3', '1', '1', '0'], [])
    >>> read([five], {"status": "changed", "lines": [{"line": "7", "accepted": 6}]}, "EUR")[1][0].code
    'ack_more'
    """
    status = answer["status"]
    entries = answer.get("lines") or []
    if not entries:
        whole = [(line, {}) for line in lines if line.open or line.shipped]
        return _all(whole, status), []
    problems = _currency(entries, answer, currency)
    named, unknown = _match(lines, entries)
    problems += unknown
    if problems:
        return {}, problems
    result = {}
    by_key = {line.key: line for line in lines}
    for key, found in named.items():
        said, problem = _line(by_key[key], found, status)
        if problem:
            problems.append(problem)
        else:
            result[key] = said
    if problems:
        return {}, problems
    if status in ("accepted", "shipped"):
        result |= _all([(line, {}) for line in lines if line.key not in result and line.open], status)
    return result, []


def _all(pairs, status):
    said = {}
    for line, _entry in pairs:
        if status in NO:
            said[line.key] = Said(line.shipped, rejected=line.open - line.shipped)
        else:
            said[line.key] = Said(line.open)
    return said


def _currency(entries, answer, currency):
    told = answer.get("currency") or currency
    if told != currency and any(entry.get("price") is not None for entry in entries):
        return [Problem("ack_currency", {"told": told, "currency": currency})]
    return []


def _match(lines, entries):
    """Which entries are about which line: ({line key: [entry]}, problems).

    An entry with the key of a line is about that line. One with a SKU alone is about the line with this SKU; where
    several have it, their entries are taken one after the other.
    """
    keys = {line.key: line for line in lines}
    by_sku = {}
    for line in lines:
        by_sku.setdefault(line.sku.casefold(), []).append(line)
    named, problems = {}, []
    turns = {}
    for entry in entries:
        sku = (entry.get("sku") or "").casefold()
        if entry.get("line"):
            line = keys.get(entry["line"])
            if line and sku and line.sku and sku != line.sku.casefold():
                problems.append(Problem("ack_sku", {"sku": entry["sku"], "ordered": line.sku}))
                continue
        else:
            found = [line for line in by_sku.get(sku, ()) if line.open] or by_sku.get(sku, ())
            turn = turns[sku] = turns.get(sku, -1) + 1
            line = found[turn % len(found)] if found else None
            if line and len(found) > 1:
                spread = _spread(entry, found)
                if spread:
                    for part, piece in spread:
                        named.setdefault(part.key, []).append(piece)
                    continue
        if not line:
            problems.append(Problem("ack_unknown", {"line": entry.get("sku") or entry.get("line")}))
            continue
        named.setdefault(line.key, []).append(entry)
    return named, problems


def _spread(entry, lines):
    """One entry that can only mean several lines of one SKU together: [(line, entry)]; [] when it fits one."""
    if entry.get("accepted") is None:
        return []
    left = {name: _number(entry.get(name)) for name in ("accepted", "backordered", "rejected")}
    total = sum(left.values())
    if total <= max(line.open for line in lines) or total > sum(line.open for line in lines):
        return []
    result = []
    for line in lines:
        room, part = line.open, {}
        for name, quantity in left.items():
            taken = min(room, quantity)
            part[name] = taken
            left[name] -= taken
            room -= taken
        result.append((line, {**entry, **part}))
    return result


def _line(line, entries, status):
    """(Said, None) or (None, Problem)."""
    told = _merge(entries)
    if isinstance(told, str):
        return None, Problem(told, {"sku": line.sku})
    accepted, backordered, rejected = told["accepted"], told["backordered"], told["rejected"]
    if status in NO and not (accepted or backordered or rejected):
        accepted, rejected = line.shipped, line.open - line.shipped
    asked = (accepted or ZERO) + backordered + rejected
    figures = {"sku": line.sku, "told": f"{float(asked):g}", "ordered": f"{float(line.ordered):g}"}
    if asked > line.ordered:
        return None, Problem("ack_more", figures)
    if line.ordered == line.ordered.to_integral_value() and any(
        quantity != quantity.to_integral_value() for quantity in (accepted or ZERO, backordered, rejected)
    ):
        return None, Problem("ack_fraction", figures)
    # What he refused before, or we took back, he may name again.
    again = max(asked - line.open, ZERO)
    if again > rejected:
        return None, Problem("ack_more_than_open", {**figures, "ordered": f"{float(line.open):g}"})
    rejected -= again
    code = told["reason_code"]
    substituted = ZERO
    rest = line.open - backordered - rejected - (accepted or ZERO)
    if accepted is None and not told["substitute"]:
        accepted = rest
    elif told["substitute"]:
        accepted = accepted or ZERO
        if rest:
            substituted = rest
        elif rejected:
            substituted, rejected = rejected, ZERO
        else:
            substituted, accepted = accepted, ZERO
    elif rest:
        rejected += rest
        code = code or "not_enough"
    if accepted + backordered + substituted < line.shipped:
        return None, Problem("ack_shipped", {**figures, "shipped": f"{float(line.shipped):g}"})
    said = Said(
        accepted,
        backordered,
        rejected,
        substituted,
        told["price"],
        told["date"],
        code,
        told["reason"],
        told["substitute"],
    )
    return said, None


def _merge(entries):
    """Several entries about one line as one; the code of a problem when they contradict each other."""
    accepted = [entry["accepted"] for entry in entries if entry.get("accepted") is not None]
    prices = {_number(entry["price"]) for entry in entries if entry.get("price") is not None}
    if len(prices) > 1:
        return "ack_contradiction"
    dates = [entry["date"] for entry in entries if entry.get("date")]
    return {
        "accepted": sum(map(_number, accepted), ZERO) if accepted else None,
        "backordered": sum((_number(entry.get("backordered")) for entry in entries), ZERO),
        "rejected": sum((_number(entry.get("rejected")) for entry in entries), ZERO),
        "price": prices.pop() if prices else None,
        "date": max(dates, default=None),
        "reason_code": next((entry["reason_code"] for entry in entries if entry.get("reason_code")), ""),
        "reason": next((entry["reason"] for entry in entries if entry.get("reason")), ""),
        "substitute": next((entry["substitute"] for entry in entries if entry.get("substitute")), ""),
    }


def _number(value):
    """
    >>> _number(0.1), _number(None)
    (Decimal('0.1'), Decimal('0'))
    """
    return Decimal(str(value or 0))
