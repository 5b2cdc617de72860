"""Which offers are one product, and which of its variants each of them is."""

from dataclasses import dataclass, field

# More combinations than this many times the offers: the variants are one list instead of a grid.
SPARSE = 3
MOST_VARIANTS = 200
ONE_LIST = "Variant"


@dataclass(frozen=True, slots=True)
class Offered:
    """An offer, as far as it says what the goods are."""

    key: object
    sku: str
    supplier: object = None
    group: str = ""
    barcode: str = ""
    attributes: tuple = ()  # ((name, value), …)


@dataclass(slots=True)
class Variant:
    attributes: tuple
    offers: list = field(default_factory=list)


@dataclass(slots=True)
class Group:
    """One product."""

    variants: list

    @property
    def offers(self):
        return [offer for variant in self.variants for offer in variant.offers]

    @property
    def grid(self):
        """{attribute: [values]} in the order they came."""
        found = {}
        for variant in self.variants:
            for name, value in variant.attributes:
                values = found.setdefault(name, [])
                if value not in values:
                    values.append(value)
        return found


def group_offers(offers):
    """Offers with the same barcode are the same goods, and so are those of one supplier's code in several warehouses;
    of the same supplier and group, variants of one product.

    >>> red = Offered(1, "T-R", 7, "T", attributes=(("Colour", "Red"),))
    >>> blue = Offered(2, "T-B", 7, "T", attributes=(("Colour", "Blue"),))
    >>> mug = Offered(3, "MUG", 8, barcode="04006381333931")
    >>> same = Offered(4, "CUP", 9, barcode="04006381333931")
    >>> [[sorted(o.key for o in v.offers) for v in g.variants] for g in group_offers([red, blue, mug, same])]
    [[[1], [2]], [[3, 4]]]
    >>> east, west = Offered(5, "BELT", 7), Offered(6, "BELT", 7)
    >>> [[len(v.offers) for v in g.variants] for g in group_offers([east, west])]
    [[2]]
    >>> group_offers([red, blue])[0].grid
    {'Colour': ['Red', 'Blue']}
    """
    parent = {}

    def root(node):
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    barcodes = _barcodes(offers)
    for offer in offers:
        mine = ("offer", offer.key)
        if (offer.supplier, offer.sku) in barcodes and len(barcodes[offer.supplier, offer.sku]) < 2:
            parent[root(mine)] = root(("code", offer.supplier, offer.sku))
        if offer.group:
            parent[root(mine)] = root(("group", offer.supplier, offer.group))
        if offer.barcode:
            parent[root(mine)] = root(("barcode", offer.barcode))
    together = {}
    for offer in offers:
        together.setdefault(root(("offer", offer.key)), []).append(offer)
    return [Group(_variants(members)) for members in together.values()]


def _barcodes(offers):
    """{(supplier, code): its barcodes}"""
    found = {}
    for offer in offers:
        if offer.supplier and offer.sku:
            known = found.setdefault((offer.supplier, offer.sku), set())
            known.update([offer.barcode] if offer.barcode else [])
    return found


def _variants(members):
    """Each variant with its offers. Where attributes do not tell variants apart, the codes do."""
    by_name = {}
    barcodes = _barcodes(members)
    for offer in members:
        known = barcodes.get((offer.supplier, offer.sku), ())
        barcode = offer.barcode or (next(iter(known)) if len(known) == 1 else "")
        name = ("barcode", barcode) if barcode else ("attributes", offer.attributes, _code(offer, members))
        by_name.setdefault(name, []).append(offer)
    variants = [Variant(next((o.attributes for o in rows if o.attributes), ()), rows) for rows in by_name.values()]
    if len(variants) == 1:
        return variants
    names = {tuple(sorted(name for name, _value in variant.attributes)) for variant in variants}
    told = len({variant.attributes for variant in variants}) == len(variants) and len(names) == 1 and () not in names
    if not told:
        labels = [_label(variant, variants) for variant in variants]
        for variant, label in zip(variants, labels, strict=True):
            variant.attributes = ((ONE_LIST, label),)
        return variants
    size = 1
    for values in Group(variants).grid.values():
        size *= len(values)
    if size > MOST_VARIANTS or size > SPARSE * len(variants) + SPARSE:
        for variant in variants:
            variant.attributes = ((ONE_LIST, " / ".join(value for _name, value in variant.attributes)),)
    return variants


def _code(offer, members):
    """Without a barcode, one supplier's two codes with equal attributes are two things."""
    same = [other for other in members if other.attributes == offer.attributes and other.supplier == offer.supplier]
    return offer.sku if len({other.sku for other in same}) > 1 else ""


def _label(variant, variants):
    text = " / ".join(value for _name, value in variant.attributes)
    same = [other for other in variants if other.attributes == variant.attributes]
    code = variant.offers[0].sku
    if not text:
        return code
    return text if len(same) == 1 else f"{text} ({code})"
