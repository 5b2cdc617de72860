"""Says in the reader's language why a file waits or was refused, and why a row was not taken."""

from ..routing.reasons import Figures
from .price_list_text import REASONS as ROW_REASONS
from .price_list_text import REFUSALS as FILE_REASONS
from .reason_text import _lt

RUNS = {
    "older": _lt("A newer file was taken already: this one is of %(as_of)s, the known one of %(known)s (UTC)."),
    "sequence_old": _lt("File %(have)s of the row came after file %(known)s was taken."),
    "sequence_gap": _lt(
        "It waits for file %(need)s of the row; it is file %(have)s. Ask for the missing one or for a full file."
    ),
    "sequence_missing": _lt(
        "It has no number, so nobody knows whether files before it are missing. Ask for a full file."
    ),
    "no_rows": _lt("There is no row in it. What we know stays as it is."),
    "too_many_bad": _lt(
        "%(bad)s of %(rows)s rows (%(percent)s %%) cannot be used; up to %(limit)s %% are allowed. "
        "Correct the columns, or ask the supplier."
    ),
    "value_impossible": _lt("A value cannot be stored: %(text)s"),
    "stopped": _lt(
        "The program stopped %(times)s times while it worked on this file. Press Read Again to try once more."
    ),
    "error": _lt("It could not be worked on: %(text)s"),
    "no_file": _lt("The file is no longer kept. Receive it again."),
    "not_unique": _lt("An offer was made twice at the same moment. Press Read Again."),
    # guards
    "rows_few": _lt(
        "The file has %(rows)s rows, the last one had %(before)s: %(percent)s %%, at least %(limit)s %% are expected."
    ),
    "rows_many": _lt(
        "The file has %(rows)s rows, the last one had %(before)s: %(percent)s %%, at most %(limit)s %% are expected."
    ),
    "other_supplier": _lt(
        "%(unknown)s of %(rows)s codes are unknown and %(missing)s known ones are missing: "
        "this looks like the list of another supplier."
    ),
    "missing": _lt("%(missing)s of %(known)s known goods (%(percent)s %%) are missing; up to %(limit)s %% are normal."),
    "zeroed": _lt(
        "%(zeroed)s of %(stocked)s goods in stock (%(percent)s %%) would be sold out at once; "
        "up to %(limit)s %% are normal."
    ),
    "costs_moved": _lt("%(moved)s of %(rows)s prices (%(percent)s %%) would change; up to %(limit)s %% are normal."),
    "stocks_equal": _lt("All %(rows)s stocks are %(value)s."),
    "prices_equal": _lt("All %(rows)s prices are %(value)s."),
}
ROWS = {
    "stock_negative": _lt("The stock of %(text)s is below 0."),
    "quantity_negative": _lt("A quantity, weight or lead time of %(text)s is below 0."),
    "factor_wrong": _lt("%(text)s would contain nothing: the contents must be above 0."),
    "dates_reversed": _lt("The price of %(text)s ends before it begins."),
    "warehouse_unknown": _lt("The supplier has no warehouse with the code %(text)s. Add it, or correct the code."),
    "currency_unknown": _lt("The currency %(text)s is not active here."),
    "code_twice": _lt("The code %(text)s is on the lines %(lines)s. None of them was taken."),
    "gtin_changed": _lt("The GTIN was %(old)s and would be %(new)s: does the code mean other goods now?"),
    "gtin_twice": _lt("The GTIN %(gtin)s is on several codes: %(codes)s."),
    "gtin_two_products": _lt("%(count)s products have the GTIN %(gtin)s."),
    "gtin_other_product": _lt("The GTIN %(gtin)s is that of another product (%(product)s) than the linked one."),
    "sku_reused": _lt('The code meant "%(old)s" and would mean "%(new)s".'),
    "other_currency": _lt("The price was in %(old)s and would be in %(new)s."),
    "price_zero": _lt("The price is 0."),
    "price_factor": _lt("The price was %(old)s and would be %(new)s, %(factor)s times as much: a lost decimal point?"),
    "price_up": _lt("The price was %(old)s and would be %(new)s (%(percent)s %%)."),
    "price_down": _lt("The price was %(old)s and would be %(new)s (%(percent)s %%)."),
    "tier_jump": _lt("From %(quantity)s on the price was %(old)s and would be %(new)s."),
    "not_readable": _lt("%(text)s cannot be read."),
}
WORDS = {**FILE_REASONS, **ROW_REASONS, **RUNS, **ROWS}


def reasons_list(env, reasons):
    """[sentence, …]; a code nobody knows is shown as it is."""
    found = []
    for code, figures in reasons or []:
        if code in WORDS:
            # A code the reader gives as well has its own figures there: the text of the cell.
            words = ROW_REASONS if "text" in (figures or {}) and code in ROW_REASONS else WORDS
            sentence = env._(words[code])
            found.append(sentence % Figures(figures or {}))
        else:
            texts = ", ".join(f"{name}: {value}" for name, value in (figures or {}).items())
            found.append(f"{code} ({texts})" if texts else code)
    return found


def reasons_text(env, reasons):
    return " ".join(reasons_list(env, reasons))
