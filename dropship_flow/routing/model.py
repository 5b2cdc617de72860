"""The words of the routing engine: what goes in and what comes out.

Everything here is a plain value: no Odoo, no database, no clock. Money is a `Decimal` in the currency of the selling
company, tax excluded. Quantities are `Decimal` in the reference unit of the product, weights are kilograms,
volumes cubic centimetres, durations days. Keys are any hashable (record ids in practice).
"""

from dataclasses import dataclass, field
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a candidate lost or a guard failed: a stable code and the figures its sentence needs."""

    code: str
    params: tuple = ()  # ((name, value), …), sorted by name, so that a reason is hashable


@dataclass(frozen=True, slots=True)
class Tier:
    """Unit price from a quantity on."""

    min_qty: Decimal
    price: Decimal


@dataclass(frozen=True, slots=True)
class Rate:
    """One row of a freight table, already restricted to the destination by the reader, cheapest row not yet chosen.

    price(weight) per parcel = first_price + ceil((weight - first_weight) / step_weight) * step_price + surcharge
    """

    key: object
    service: str
    first_weight: Decimal  # kg covered by first_price
    first_price: Decimal
    step_weight: Decimal = ZERO  # 0: no further steps, the first price covers any weight
    step_price: Decimal = ZERO
    surcharge: Decimal = ZERO  # per parcel: remote area, peak
    volumetric_divisor: Decimal = ZERO  # cm³ per kg; 0: the real weight counts
    max_weight: Decimal = ZERO  # per parcel; 0: no limit. Heavier shipments are split into equal-limit parcels
    free_above_allowed: bool = True  # False: the supplier's free-freight threshold does not hold here
    days_p50: float = 0.0
    days_p80: float = 0.0
    days_p95: float = 0.0
    parcels_seen: int = 0  # how many real parcels the days stand on; 0: the freight table


@dataclass(frozen=True, slots=True)
class Terms:
    """A supplier's order terms, per purchase (one source = one purchase)."""

    order_minimum: Decimal = ZERO  # goods value
    minimum_units: Decimal = ZERO  # mixed-batch minimum: pieces over all lines
    below_minimum: str = "fee"  # 'fee' pay small_order_fee | 'collect' wait until cut-off | 'refuse' not eligible
    small_order_fee: Decimal = ZERO
    free_freight_above: Decimal | None = None  # goods value from which freight is free
    fee_per_order: Decimal = ZERO
    fee_per_line: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Source:
    """A place goods ship from: a supplier's warehouse, or one of our own."""

    key: object
    supplier: object  # None for own stock
    country: str  # ISO code, '' unknown
    rates: tuple[Rate, ...] = ()
    terms: Terms = Terms()
    handling_days: float = 0.0  # working time before the parcel leaves, cut-off and closures already applied
    preference: Decimal = Decimal(1)  # multiplies the objective only, never a figure that is shown
    own_stock: bool = False
    ddp: bool = False  # the supplier pays import charges himself
    score: float = 0.0  # 0…100, higher is better (for waterfalls)


@dataclass(frozen=True, slots=True)
class Offer:
    """What one source can deliver of one product, with the facts eligibility needs."""

    key: object
    product: object
    source: object
    tiers: tuple[Tier, ...]  # ascending min_qty; empty: no usable price
    stock: Decimal | None = None  # None: not limited
    backorder: bool = False
    backorder_days: float = 0.0
    moq: Decimal = ZERO
    pack: Decimal = ZERO  # 0: any quantity
    return_cost: Decimal = ZERO  # expected cost of returns per unit
    max_price: Decimal | None = None  # maximum buying price per unit (guard)
    facts: tuple[Reason, ...] = ()  # exclusions the reader found: inactive, supplier_state, trial_quota, stale, …


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to be sourced: a sale line, or a component of a kit."""

    key: object
    product: object
    qty: Decimal
    revenue: Decimal = ZERO  # net amount of the whole line
    weight: Decimal | None = ZERO  # kg per unit; None: unknown
    volume: Decimal = ZERO  # cm³ per unit
    heading: str = ""  # tariff heading (HS), '' unknown
    precision: Decimal = Decimal("0.01")  # rounding of the unit of measure, for splits
    pinned: object = None  # supplier key
    excluded: frozenset = frozenset()  # supplier keys
    group: object = None  # lines of one group (a kit) share a promise; never a constraint on sources


@dataclass(frozen=True, slots=True)
class Duty:
    """A charge on what crosses a border; the reader passes only rules valid today for the destination."""

    key: object
    kind: str  # 'percent' of value | 'parcel' fixed per consignment | 'heading' fixed per tariff heading
    amount: Decimal  # percent as 19 for 19 %, else money
    ship_from: frozenset = frozenset()  # ISO codes; empty: anywhere but the destination's own customs area
    heading_prefix: str = ""
    min_value: Decimal = ZERO  # consignment value (revenue of its lines) limits, inclusive
    max_value: Decimal | None = None
    basis: str = "revenue"  # 'revenue' | 'goods': what percent and the limits look at


@dataclass(frozen=True, slots=True)
class Policy:
    """How to choose. Neutral defaults: cheapest landed cost, no limits."""

    objective: str = "landed"  # 'landed' | 'expected' | 'fastest' | 'weighted' | 'waterfall'
    weight_cost: Decimal = Decimal(1)  # weighted: money + weight_day * days of the slowest parcel
    weight_day: Decimal = ZERO
    # (criterion, tolerance %) in turn: parcels|landed|expected|days|score|preference
    waterfall: tuple[tuple[str, Decimal], ...] = ()
    max_suppliers: int = 0  # 0: any
    single_shipment: str = "no"  # 'no' | 'preferred' | 'required'
    split_lines: bool = False
    allow_overbuy: bool = False  # buy whole packs / minimums although the customer ordered less
    margin_floor: Decimal | None = None  # amount per order
    margin_floor_percent: Decimal | None = None  # of revenue
    late_penalty: Decimal = ZERO  # per late parcel
    promise_days: float | None = None  # promised to the customer
    promise_quantile: int = 80  # 50 | 80 | 95: which figure must keep the promise
    service: str = ""  # delivery service the customer paid for; '' any
    payment_percent: Decimal = ZERO  # of payment_base
    payment_fixed: Decimal = ZERO
    services: frozenset = frozenset()  # the suppliers' services that give it, where it is sold by another name


@dataclass(frozen=True, slots=True)
class Problem:
    """One basket."""

    lines: tuple[Line, ...]
    offers: tuple[Offer, ...]
    sources: tuple[Source, ...]
    duties: tuple[Duty, ...] = ()
    policy: Policy = Policy()
    country: str = ""  # destination
    customs_area: frozenset = frozenset()  # ISO codes that ship to the destination without a border
    other_revenue: Decimal = ZERO  # shipping charged, own-stock and service lines' margin contribution
    payment_base: Decimal = ZERO  # what the customer pays, tax included
    money_step: Decimal = Decimal("0.01")  # rounding of the company currency


@dataclass(frozen=True, slots=True)
class Piece:
    """A quantity of a line bought from an offer."""

    line: object
    offer: object
    source: object
    qty: Decimal  # what serves the customer
    buy_qty: Decimal  # what must be bought (packs, minimum)
    unit_price: Decimal
    goods: Decimal


@dataclass(frozen=True, slots=True)
class Parcel:
    """All a plan takes from one source: one purchase, one freight."""

    source: object
    service: str
    rate: object
    pieces: tuple[Piece, ...]
    weight: Decimal
    parcels: int  # physical parcels after the weight limit
    goods: Decimal
    freight: Decimal
    fees: Decimal  # per order, per line and small-order fee
    duty: Decimal
    late_cost: Decimal
    return_cost: Decimal
    late_probability: float
    days_p50: float
    days_p80: float
    days_p95: float
    collect: bool = False  # below the supplier's minimum: waits for company until cut-off

    @property
    def landed(self):
        return self.goods + self.freight + self.fees + self.duty


@dataclass(frozen=True, slots=True)
class Plan:
    """An answer for the basket; `landed` and `profit` are what the ledger should later show."""

    parcels: tuple[Parcel, ...]
    revenue: Decimal
    payment_fee: Decimal

    @property
    def pieces(self):
        return tuple(piece for parcel in self.parcels for piece in parcel.pieces)

    @property
    def landed(self):
        return sum((parcel.landed for parcel in self.parcels), ZERO)

    @property
    def expected(self):
        return self.landed + sum((p.late_cost + p.return_cost for p in self.parcels), ZERO)

    @property
    def profit(self):
        return self.revenue - self.payment_fee - self.landed

    @property
    def days_p50(self):
        return max((p.days_p50 for p in self.parcels), default=0.0)

    @property
    def days_p80(self):
        return max((p.days_p80 for p in self.parcels), default=0.0)

    @property
    def days_p95(self):
        return max((p.days_p95 for p in self.parcels), default=0.0)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line × offer that was looked at, with the reasons it is out (none: it was eligible)."""

    line: object
    offer: object
    source: object
    reasons: tuple[Reason, ...] = ()
    unit_price: Decimal | None = None
    landed_alone: Decimal | None = None  # cost if this line went there alone
    extra: Decimal | None = None  # how much dearer the best basket becomes when forced here (why not?)


@dataclass(frozen=True, slots=True)
class Solution:
    """What `solve` answers.

    `plan` is None when no line can be sourced. `missing` are the lines without any eligible offer; the plan covers
    the others. `guards` are the guards even the best plan fails: a person must look.
    """

    plan: Plan | None
    alternative: Plan | None  # best plan using another set of suppliers; None: there is none
    candidates: tuple[Candidate, ...]
    missing: tuple = ()
    guards: tuple[Reason, ...] = ()
    method: str = ""  # 'subsets' | 'milp'
    proven: bool = True
    gap: float = 0.0  # proven relative distance from the optimum
    seconds: float = field(default=0.0, compare=False)
