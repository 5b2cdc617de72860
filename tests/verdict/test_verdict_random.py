"""Random requests beside an oracle that tries row after row and takes the best of policy and law point by point."""

import random
from datetime import date

import pytest
from verdict import Rules, explain, judge
from verdict_dice import random_floor, random_request, random_row
from verdict_oracle import FOR_EVER, NAMES, STRICT, day_in, excludes, first_row, oracle, pieces_by_hand


def check(request, rows, floors):
    result, steps = explain(request, Rules(rows, floors))
    assert judge(request, Rules(rows, floors)) == result
    assert all(step.figures["condition"] for step in steps if step.code == "row_skipped")
    used, worth, picked, split, seen = {}, {}, [], [], set()
    for line in request.lines:
        row, pieces = first_row(rows, line, request.history), pieces_by_hand(line, used)
        picked.append(row)
        split.append(pieces)
        if row:
            worth[row.key] = worth.get(row.key, 0) + line.price * (sum(pieces.values()) - pieces["excess"])
    for line, row, pieces, judged in zip(request.lines, picked, split, result.lines, strict=True):
        assert (judged.row, judged.pieces._asdict()) == (row.key if row else None, pieces)
        ordered = day_in(line.order.ordered, request.zone)
        law = [
            floor for floor in floors
            if (request.consumer or floor.businesses) and (not floor.countries or line.order.country in floor.countries)
            and (not floor.channels or line.order.channel in floor.channels)
            and (floor.valid_from or date.min) <= ordered <= (floor.valid_to or date.max)
            and (not floor.reasons or floor.reasons & line.reason.codes)
            and (not floor.liable or line.reason.liable in floor.liable) and not excludes(floor.excluded, line.kinds)
        ]  # fmt: skip
        offered = [offer.kind for offer in judged.offers]
        assert len(offered) == len(set(offered))
        for offer in judged.offers:
            expected = oracle(offer.kind, row, line, request, law, worth[row.key] if row else 0)
            day = offer.deadline.day or FOR_EVER
            assert (offer.verdict, day, offer.fee, offer.payer, offer.to, offer.evidence, offer.outbound,
                    set(offer.refund)) == expected  # fmt: skip
            assert offer.quantity == pieces[offer.kind if offer.kind in pieces else "back"]
            seen |= {(offer.verdict, bool(offer.floors))}
        for place in ("cancel", "intercept"):
            assert (place in offered) == (pieces[place] > 0)
        for outcome in row.outcomes if row and pieces["back"] else ():
            gone = line.reason.absent and outcome.kind in ("return", "exchange", "repair")
            assert outcome.kind in ("cancel", "intercept") or (outcome.kind in offered) == (not gone)
    assert result.verdict == max((line.verdict for line in result.lines), key=STRICT.get)
    return seen


@pytest.mark.parametrize("part", range(8))
def test_against_the_oracle(part):
    rng, seen = random.Random(part), set()
    for _round in range(150):
        rows = [random_row(rng, key) for key in range(rng.randint(0, 12))]
        floors = [random_floor(rng, key) for key in range(rng.randint(0, 4))]
        seen |= check(random_request(rng), rows, floors)
    # All verdicts came up, from the shop alone and from the law; what is refused was not helped to anything better.
    assert {(verdict, helped) for verdict in NAMES[:2] for helped in (True, False)} | {("refuse", False)} <= seen
    assert ("refuse", True) not in seen


@pytest.mark.parametrize("seed", range(100))
def test_a_law_more_never_takes_anything(seed):
    rng = random.Random(seed)
    rows, request = [random_row(rng, key) for key in range(6)], random_request(rng)
    floors = [random_floor(rng, key) for key in range(3)]
    results = [judge(request, Rules(rows, law)).lines for law in (floors[:2], floors)]
    for without, with_it in zip(*results, strict=True):
        better = {offer.kind: offer for offer in with_it.offers}
        for offer in without.offers:
            other = better[offer.kind]
            assert STRICT[other.verdict] <= STRICT[offer.verdict] and other.fee <= offer.fee
            assert offer.verdict == "refuse" or other.deadline.order >= offer.deadline.order
