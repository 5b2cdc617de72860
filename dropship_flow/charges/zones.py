"""Charges by zone and weight (首重/续重), zones that are not delivered (不配送), surcharges for remote places.

Keys of countries and states are any hashable; weights are kilograms; amounts are in one currency, the carrier's.
Postcodes are compared as cleaned text (no blanks, capital letters), by their beginning.
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Place:
    """Where to. Empty: not known."""

    country: object = None
    state: object = None
    zip: str = ""


@dataclass(frozen=True, slots=True)
class Zone:
    """One row of a carrier's table. An empty field matches anything."""

    key: object
    kind: str = "price"  # 'price' | 'refuse' not delivered | 'surcharge' added to the charge
    countries: frozenset = frozenset()
    states: frozenset = frozenset()
    zip_from: str = ""
    zip_to: str = ""
    weight_to: Decimal = ZERO  # up to and including; 0: any weight
    first_weight: Decimal = ZERO
    first_price: Decimal = ZERO
    step_weight: Decimal = ZERO
    step_price: Decimal = ZERO
    free_allowed: bool = True  # the free-shipping threshold holds here

    def matches(self, place, weight):
        """Whether the row speaks about a parcel of this weight to this place.

        >>> berlin = Zone(1, countries=frozenset({"DE"}), zip_from="10", zip_to="12")
        >>> [berlin.matches(Place("DE", zip=code), Decimal(1)) for code in ("10115", "12999", "13000", "")]
        [True, True, False, False]
        """
        if self.countries and place.country not in self.countries:
            return False
        if self.states and place.state not in self.states:
            return False
        if self.zip_from and (not place.zip or place.zip < self.zip_from):
            return False
        if self.zip_to and (not place.zip or place.zip[: len(self.zip_to)] > self.zip_to):
            return False
        return not self.weight_to or weight <= self.weight_to

    def price(self, weight):
        """First weight, then every begun step.

        >>> one = Decimal(1)
        >>> row = Zone(1, first_weight=one, first_price=Decimal(12), step_weight=one, step_price=Decimal(5))
        >>> [int(row.price(Decimal(kilos))) for kilos in ("0", "1", "1.001", "3")]
        [12, 12, 17, 22]
        """
        amount = self.first_price
        if self.step_weight and weight > self.first_weight:
            steps = ((weight - self.first_weight) / self.step_weight).to_integral_value(rounding=ROUND_CEILING)
            amount += steps * self.step_price
        return amount


@dataclass(frozen=True, slots=True)
class Quote:
    """The table's answer for one place and weight."""

    verdict: str  # 'price' | 'refuse' a row says not delivered | 'none' no price row matches
    base: Decimal = ZERO
    surcharge: Decimal = ZERO
    row: object = None  # key of the row that decided
    surcharge_row: object = None
    base_waivable: bool = True
    surcharge_waivable: bool = False

    def total(self, free=False):
        """What is charged; `free`: the order is above the free-shipping threshold."""
        base = ZERO if free and self.base_waivable else self.base
        return base + (ZERO if free and self.surcharge_waivable else self.surcharge)


def quote(zones, place, weight):
    """The first price or "not delivered" row that matches decides; the first surcharge row that matches is added.

    >>> far = frozenset({"XJ", "XZ"})
    >>> table = (
    ...     Zone("moon", "refuse", frozenset({"MO"})),
    ...     Zone("far", "surcharge", states=far, first_price=Decimal(15), free_allowed=False),
    ...     Zone("all", first_weight=Decimal(1), first_price=Decimal(8), step_weight=Decimal(1), step_price=Decimal(3)),
    ... )
    >>> quote(table, Place("MO"), Decimal(1)).verdict
    'refuse'
    >>> answer = quote(table, Place("CN", "XJ"), Decimal("1.5"))
    >>> answer.base, answer.surcharge, answer.total(), answer.total(free=True)
    (Decimal('11'), Decimal('15'), Decimal('26'), Decimal('15'))
    >>> quote((), Place("CN"), Decimal(1)).verdict
    'none'
    """
    decisive = extra = None
    for zone in zones:
        if not zone.matches(place, weight):
            continue
        if zone.kind == "surcharge":
            extra = extra or zone
        else:
            decisive = decisive or zone
    if decisive and decisive.kind == "refuse":
        return Quote("refuse", row=decisive.key)
    answer = {
        "surcharge": extra.price(weight) if extra else ZERO,
        "surcharge_row": extra.key if extra else None,
        "surcharge_waivable": extra.free_allowed if extra else False,
    }
    if decisive is None:
        return Quote("none", **answer)
    return Quote("price", decisive.price(weight), row=decisive.key, base_waivable=decisive.free_allowed, **answer)


def round_up(amount, step):
    """The next multiple of `step`; 0 leaves the amount as it is.

    >>> round_up(Decimal("4.01"), Decimal("0.5")), round_up(Decimal("4.50"), Decimal("0.5")), round_up(Decimal(7), ZERO)
    (Decimal('4.5'), Decimal('4.5'), Decimal('7'))
    """
    if not step:
        return amount
    return (amount / step).to_integral_value(rounding=ROUND_CEILING) * step


def sample_zip(zip_from, zip_to):
    """A postcode inside a range, for trying a row.

    >>> sample_zip("10", "12"), sample_zip("", "12"), sample_zip("", "")
    ('10', '12', '')
    """
    return zip_from or zip_to or ""
