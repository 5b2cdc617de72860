"""Baskets nobody should have: each gets a clear answer."""

import string
from dataclasses import replace
from decimal import Decimal as D

import pytest
from worlds import hero, with_policy

from routing import REASONS, Problem, Reason, Source, Terms, render, solve


def lines_with(problem, **changes):
    """All lines changed."""
    return replace(problem, lines=tuple(replace(line, **changes) for line in problem.lines))


def codes(items):
    """Codes of reasons."""
    return {reason.code for reason in items}


def reasons_of(answer, offer):
    """Codes of one candidate."""
    return codes(next(row.reasons for row in answer.candidates if row.offer == offer))


def test_nothing_to_do():
    answer = solve(Problem((), (), ()))
    assert (answer.plan, answer.alternative, answer.missing, answer.candidates) == (None, None, (), ())


def test_product_without_source():
    problem = hero()
    answer = solve(replace(problem, offers=tuple(o for o in problem.offers if o.product != "lamp")))
    assert answer.missing == ("lamp",)
    assert {piece.line for piece in answer.plan.pieces} == {"stand", "cable"}


def test_no_offers_at_all():
    answer = solve(replace(hero(), offers=()))
    assert answer.plan is None
    assert answer.missing == ("lamp", "stand", "cable")


def test_reader_facts_exclude():
    problem = hero()
    offers = tuple(replace(o, facts=(Reason("no_rate_currency", (("currency", "CNY"),)),)) if o.source != "rhein" else o
                   for o in problem.offers)
    answer = solve(replace(problem, offers=offers))
    assert reasons_of(answer, "dawn/lamp") == {"no_rate_currency"}
    assert answer.alternative is None


def test_unknown_weight_is_a_reason():
    answer = solve(lines_with(hero(), weight=None))
    assert answer.plan is None
    assert reasons_of(answer, "rhein/lamp") == {"no_weight"}


def test_address_without_country():
    problem = hero()
    answer = solve(replace(problem, country="", sources=tuple(replace(s, rates=()) for s in problem.sources)))
    assert reasons_of(answer, "rhein/lamp") == {"no_address"}


def test_pinned_supplier_not_eligible():
    answer = solve(lines_with(hero(), pinned="dawn"))
    assert answer.missing == ("stand", "cable")
    assert "pinned_not_eligible" in codes(answer.guards)
    assert reasons_of(answer, "rhein/lamp") == {"pinned_elsewhere"}


def test_pins_against_one_shipment():
    problem = with_policy(hero(), single_shipment="required")
    pins = {"lamp": "dawn", "stand": "yiwu", "cable": None}
    problem = replace(problem, lines=tuple(replace(line, pinned=pins[line.key]) for line in problem.lines))
    answer = solve(problem)
    assert len(answer.plan.parcels) == 2
    assert {"single_shipment", "contradictory"} <= codes(answer.guards)


def test_pinned_and_excluded():
    answer = solve(lines_with(hero(), pinned="rhein", excluded=frozenset({"rhein"})))
    assert answer.plan is None
    assert "contradictory" in codes(answer.guards)


def test_contradictory_guards():
    answer = solve(with_policy(hero(), promise_days=1.0, margin_floor=D(50), margin_floor_percent=D(90)))
    assert answer.plan.landed == D("26.30")
    assert codes(answer.guards) == {"guard_promise", "guard_margin", "guard_margin_percent"}


def test_maximum_price():
    problem = hero()
    offers = tuple(replace(o, max_price=D(1)) for o in problem.offers)
    answer = solve(replace(problem, offers=offers))
    assert codes(answer.guards) == {"guard_max_price"}
    assert len(answer.guards) == 3
    cheap = tuple(replace(o, max_price=D(11)) for o in problem.offers)
    assert solve(replace(problem, offers=cheap)).plan.landed == D("28.80")


def test_too_few_suppliers_allowed():
    problem = with_policy(hero(), max_suppliers=1)
    answer = solve(replace(problem, offers=tuple(o for o in problem.offers if o.source in ("dawn", "ningbo"))))
    assert answer.plan.landed == D("33.20")
    assert codes(answer.guards) == {"max_suppliers"}


def test_supplier_refuses_small_orders():
    problem = hero()
    terms = Terms(order_minimum=D(100), below_minimum="refuse")
    answer = solve(replace(problem, sources=tuple(replace(s, terms=terms) for s in problem.sources)))
    assert answer.plan is None
    assert reasons_of(answer, "rhein/lamp") == {"terms_refused"}


def test_service_and_heavy_parcel():
    problem = hero()
    assert reasons_of(solve(with_policy(problem, service="express")), "rhein/lamp") == {"service"}
    assert reasons_of(solve(lines_with(limited(problem), weight=D(9))), "rhein/lamp") == {"too_heavy"}


def limited(problem):
    """All parcels at most 2 kg."""
    sources = tuple(replace(s, rates=tuple(replace(r, max_weight=D(2)) for r in s.rates)) for s in problem.sources)
    return replace(problem, sources=sources)


def test_stock_for_one_of_two_lines():
    problem = hero()
    twice = (*problem.lines, replace(problem.lines[0], key="lamp2"))
    offers = tuple(replace(o, stock=D(1)) for o in problem.offers if o.source == "rhein")
    answer = solve(replace(problem, lines=twice, offers=offers))
    assert len(answer.missing) == 1
    assert answer.missing[0] in ("lamp", "lamp2")


def test_own_stock_without_rates():
    problem = hero()
    own = Source("own", None, "DE", own_stock=True)
    offers = (*problem.offers, *(replace(o, key="own/" + o.product, source="own")
                                 for o in problem.offers if o.source == "rhein"))
    answer = solve(replace(problem, sources=(*problem.sources, own), offers=offers))
    assert (answer.plan.landed, answer.plan.parcels[0].source) == (D("22.40"), "own")


@pytest.mark.parametrize("code", sorted(REASONS))
def test_every_reason_is_a_sentence(code):
    names = [name for name in ("have", "need", "limit", "pack", "country", "state") if f"%({name})s" in REASONS[code]]
    text = render(Reason(code, tuple((name, D(3)) for name in sorted(names))))
    assert text[0] in string.ascii_uppercase + string.digits
    assert text.endswith(".")
    assert "%(" not in text
