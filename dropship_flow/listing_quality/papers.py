"""Which papers are missing for which country."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Required:
    """Goods need a paper of a kind in these countries."""

    kind: str
    countries: frozenset


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that is valid now. No countries: everywhere; no supplier: whoever sells the goods."""

    kind: str
    countries: frozenset | None = None
    supplier: object = None


def missing_papers(required, papers, supplier=None):
    """{country: sorted kinds missing there} of goods a supplier sells.

    >>> eu = frozenset({"DE", "FR"})
    >>> rules = [Required("ce", eu), Required("authorisation", frozenset({"DE"}))]
    >>> missing_papers(rules, [Paper("ce", frozenset({"FR"})), Paper("authorisation", supplier=7)], 7)
    {'DE': ['ce']}
    >>> missing_papers(rules, [Paper("ce"), Paper("authorisation", supplier=7)], 8)
    {'DE': ['authorisation']}
    """
    found = {}
    for need in required:
        covered = set()
        for paper in papers:
            if paper.kind == need.kind and paper.supplier in (None, supplier):
                covered |= need.countries if paper.countries is None else paper.countries
        for country in need.countries - covered:
            found.setdefault(country, set()).add(need.kind)
    return {country: sorted(kinds) for country, kinds in sorted(found.items())}


def barred_places(required, papers, suppliers):
    """Countries no supplier has all papers for, with what the best of them lacks.

    >>> rules = [Required("ce", frozenset({"DE"}))]
    >>> barred_places(rules, [Paper("ce", supplier=1)], [1, 2]), barred_places(rules, [], [1])
    ({}, {'DE': ['ce']})
    """
    if not required:
        return {}
    lacks = [missing_papers(required, papers, supplier) for supplier in (suppliers or [None])]
    shared = set.intersection(*(set(lack) for lack in lacks))
    return {country: min((lack[country] for lack in lacks), key=len) for country in sorted(shared)}
