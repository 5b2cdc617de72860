"""Names, in the reader's language, of what a column can be and of the steps its text can take."""

from .reason_text import _lt

TARGETS = {
    "sku": _lt("Supplier's code"),
    "warehouse": _lt("Warehouse's code"),
    "name": _lt("Name"),
    "barcode": _lt("GTIN (barcode)"),
    "brand": _lt("Brand"),
    "category": _lt("Category"),
    "group_code": _lt("Group of variants"),
    "attributes": _lt("Attribute of the variant"),
    "description": _lt("Description"),
    "image_urls": _lt("Picture's address"),
    "price": _lt("Price"),
    "currency": _lt("Currency"),
    "tiers": _lt("Prices by quantity"),
    "retail_price": _lt("Suggested retail price (MSRP)"),
    "map_price": _lt("Minimum advertised price (MAP)"),
    "stock": _lt("Stock"),
    "stock_mode": _lt("Whether stock is limited"),
    "next_arrival": _lt("In stock again on"),
    "discontinued": _lt("Discontinued"),
    "lead_days": _lt("Lead time (days)"),
    "moq": _lt("Minimum quantity"),
    "pack": _lt("Sold in packs of"),
    "factor": _lt("Pieces per offered unit"),
    "weight": _lt("Weight (kg)"),
    "hs_code": _lt("HS code"),
    "origin": _lt("Country of origin"),
    "date_from": _lt("Price valid from"),
    "date_to": _lt("Price valid until"),
}
STEPS = {
    "strip": _lt("Cut spaces (or these signs) at both ends"),
    "upper": _lt("In capitals"),
    "lower": _lt("In small letters"),
    "replace": _lt("Replace: old => new"),
    "prefix_cut": _lt("Cut off the beginning"),
    "suffix_cut": _lt("Cut off the end"),
    "prefix": _lt("Put in front"),
    "split": _lt("Part between separators: separator => place"),
    "part": _lt("Signs from place to place: 4-8"),
    "multiply": _lt("Times"),
    "divide": _lt("Divided by"),
    "add": _lt("Plus"),
    "percent": _lt("More or less by percent"),
    "map_words": _lt("One word for another: yes=10; no=0; *=5"),
    "default": _lt("Where empty"),
    "extract": _lt("What the pattern finds"),
    "date_format": _lt("Date written as its pattern says"),
    "g_to_kg": _lt("Grams to kilograms"),
    "lb_to_kg": _lt("Pounds to kilograms"),
    "oz_to_kg": _lt("Ounces to kilograms"),
    "join": _lt("Join the parts with"),
    "lines": _lt("One line per part between"),
    "strip_html": _lt("Without the signs of web pages"),
    "digits": _lt("Digits only"),
}


def step_line(env, function, argument):
    """One step in a few words.

    >>> step_line(None, "", "")
    ''
    """
    if not function:
        return ""
    label = env._(STEPS[function]) if function in STEPS else function
    label = label.partition(":")[0].partition("：")[0]
    return f"{label} {argument}" if argument else label
