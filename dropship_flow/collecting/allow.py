"""Whether an order may be paid at the door. Rules are rows; an empty field matches anything, the first counts."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Case:
    """What the rules look at. Ids of countries, states and tags; the postcode without blanks, in capitals."""

    country: int = 0
    state: int = 0
    zip: str = ""
    tags: frozenset = frozenset()  # of all goods
    customer_tags: frozenset = frozenset()
    total: Decimal = Decimal(0)  # company currency


@dataclass(frozen=True)
class Rule:
    """:param Decimal most: of an order that may be paid at the door; 0: any"""

    key: object = None
    allowed: bool = True
    countries: frozenset = frozenset()
    states: frozenset = frozenset()
    zip_from: str = ""
    zip_to: str = ""
    tags: frozenset = frozenset()
    customer_tags: frozenset = frozenset()
    most: Decimal = Decimal(0)

    def fits(self, case):
        return (
            (not self.countries or case.country in self.countries)
            and (not self.states or case.state in self.states)
            and (not self.zip_from or case.zip[: len(self.zip_from)] >= self.zip_from)
            and (not self.zip_to or (bool(case.zip) and case.zip[: len(self.zip_to)] <= self.zip_to))
            and (not self.tags or bool(self.tags & case.tags))
            and (not self.customer_tags or bool(self.customer_tags & case.customer_tags))
        )


def decide(rules, case):
    """Why not, as (rule, code); (rule or None, "") where it is allowed. Without a rule that fits it is allowed.

    >>> west = Rule("west", False, states=frozenset({7}))
    >>> inland = Rule("inland", countries=frozenset({1}), most=Decimal(2000))
    >>> decide([west, inland], Case(country=1, state=7))[1], decide([west, inland], Case(country=1))[1]
    ('not_there', '')
    >>> decide([inland], Case(country=1, total=Decimal("2000.01")))[1], decide([inland], Case(country=2))[1]
    ('too_much', '')
    """
    for rule in rules:
        if rule.fits(case):
            if not rule.allowed:
                return rule, "not_there"
            return rule, "too_much" if rule.most and case.total > rule.most else ""
    return None, ""
