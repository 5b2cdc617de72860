"""The one row every format ends in: what a supplier can say about one thing he offers.

A feed says only what its columns say: `Plan.targets` names the fields a feed speaks of, all others of an offer stay as
they are. The order of `FIELDS` is the order of the staging table.
"""

from dataclasses import dataclass, field
from decimal import Decimal

# name: (PostgreSQL type, what it is)
FIELDS = {
    "sku": ("text", "the supplier's code, the key together with `warehouse`"),
    "warehouse": ("text", "code of the supplier's warehouse; empty: the feed's"),
    "name": ("text", "plain text"),
    "barcode": ("text", "GTIN as 14 digits, or empty"),
    "brand": ("text", ""),
    "category": ("text", "the supplier's path, parts joined by ' > '"),
    "group_code": ("text", "what the variants of one product have in common"),
    "attributes": ("jsonb", '{"colour": "red", ...} of a variant'),
    "description": ("text", "plain text"),
    "image_urls": ("text", "https addresses, one per line"),
    "price": ("numeric", "per offered unit, in `currency`"),
    "currency": ("text", "ISO code; empty: the feed's"),
    "tiers": ("jsonb", "[[from quantity, price], ...] ascending"),
    "retail_price": ("numeric", "suggested retail price (MSRP)"),
    "map_price": ("numeric", "minimum advertised price (MAP)"),
    "stock": ("numeric", "offered units; NULL with `stock_mode` unlimited"),
    "stock_mode": ("text", "limited or unlimited"),
    "next_arrival": ("date", "when goods come in again"),
    "discontinued": ("boolean", "停产"),
    "lead_days": ("numeric", ""),
    "moq": ("numeric", "in offered units"),
    "pack": ("numeric", "in offered units"),
    "factor": ("numeric", "units of the product in one offered unit"),
    "weight": ("numeric", "kg per offered unit"),
    "hs_code": ("text", "digits"),
    "origin": ("text", "ISO code of the country of origin"),
    "date_from": ("date", "price valid from"),
    "date_to": ("date", "price valid until"),
}
POSITION = {name: index for index, name in enumerate(FIELDS)}


@dataclass(frozen=True, slots=True)
class Column:
    """Where a field comes from.

    :param source: a header of a table, a path in XML (`g:price`, `offers/offer/@id`) or JSON (`price.amount`)
    :param target: a key of FIELDS; several columns may feed `image_urls`, `attributes`, `category`
    :param param: name of an attribute for `attributes`; code of the warehouse for a stock column of one warehouse;
        from-quantity for a price that is a tier
    :param transforms: ((name, argument), ...) applied in order; names are keys of the list of transforms
    """

    source: str
    target: str
    param: str = ""
    transforms: tuple = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """How to read one supplier's files; made of a feed's settings, never of code."""

    columns: tuple = ()  # Column
    file_format: str = ""  # csv, xlsx, xml, json, ndjson; empty: found out
    encoding: str = ""  # empty: found out
    delimiter: str = ""
    decimal_mark: str = ""  # "." or ","; empty: found out per column
    date_order: str = ""  # ymd, dmy, mdy; empty: found out, doubtful dates are rejected
    item_path: str = ""  # XML and JSON: where the items are; empty: found out
    currency: str = ""  # what a row without a currency is in
    header_signature: str = ""  # of the file the columns were mapped with; empty: not checked
    max_bad_percent: Decimal = Decimal(5)

    @property
    def targets(self):
        """The fields a file read with this plan speaks of, in the order of FIELDS.

        A stock says whether it is limited too, a price in what currency, a price from a quantity is one of several.

        >>> Plan((Column("a", "sku"), Column("b", "stock", "EAST"))).targets
        ('sku', 'warehouse', 'stock', 'stock_mode')
        """
        found = {column.target for column in self.columns}
        found |= {"stock_mode"} if "stock" in found else set()
        found |= {"currency"} if "price" in found else set()
        found |= {"tiers"} if any(column.target == "price" and column.param for column in self.columns) else set()
        found |= {"warehouse"} if any(column.target == "stock" and column.param for column in self.columns) else set()
        return tuple(name for name in FIELDS if name in found)


@dataclass(frozen=True, slots=True)
class Good:
    """A row that can be taken.

    :param line: where it is in the file: its first line, of XML and JSON the number of the item
    :param values: in the order of FIELDS, None where the feed says nothing; text, Decimal, bool, date; what is jsonb
        is JSON text (keys sorted), so that a row can be compared, hashed and copied as it is
    :param key: signed 64-bit hash of all values, the same for the same row in every run
    """

    line: int
    values: tuple
    key: int


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that cannot: why, and what it looked like (at most 4 KiB, as JSON can hold it)."""

    line: int
    reasons: tuple  # ((code, {figures}), ...)
    cells: dict = field(default_factory=dict)  # {source: text}
