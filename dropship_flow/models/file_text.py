"""Says in the reader's language what is wrong with a file of a supplier or one of its rows."""

from .price_list_text import REFUSALS
from .reason_text import _lt, sentence_of

FILE_REFUSALS = {
    **REFUSALS,
    "too_large": _lt("The file is larger than %(limit)s MB. Split it."),
    "too_many_columns": _lt("The file has more than %(limit)s columns. Send the sheet with orders and numbers only."),
    "web_page": _lt("This is a web page, not a file of orders: the download probably asked for a login."),
    "zip": _lt("This is a packed folder. Unpack it and drop the file itself."),
    "column_missing": _lt("The column %(name)s is missing. Add its heading, or correct the layout."),
    "sheet_newer": _lt("This sheet is of a newer form (%(version)s) than known here. Download the orders again."),
    "no_columns": _lt("The layout has no columns."),
    "encoding": _lt('"%(text)s" cannot be written in the encoding of the layout. Choose UTF-8 or GBK.'),
    "totals_missing": _lt("The row with the control totals is missing: the file was cut off. Ask for it again."),
    "totals_differ": _lt(
        "The control totals do not fit: %(name)s should be %(told)s, the file has %(found)s. Ask for it again."
    ),
}
FILE_REASONS = {
    "cell_rounded": _lt("%(text)s was rounded by a spreadsheet, its last digits are lost: enter it as text."),
    "cell_error": _lt("%(text)s is an error of the spreadsheet."),
    "cell_formula": _lt("A formula without a value: paste the number itself."),
    "ref_missing": _lt("No order number."),
    "ref_wrong": _lt("%(text)s is no order number."),
    "ref_unknown": _lt("No order of this supplier has the number %(text)s."),
    "number_wrong": _lt('"%(text)s" is no tracking number.'),
    "number_missing": _lt("It says shipped, but there is no tracking number."),
    "mixed_up": _lt("The row says order %(text)s, its hidden key says %(other)s: cells got mixed up."),
    "row_twice": _lt("%(text)s stands in two rows with different quantities."),
    "qty_wrong": _lt("%(text)s is no quantity."),
    "qty_zero": _lt("A quantity of 0 under a number."),
    "price_wrong": _lt("%(text)s is no price."),
    "date_wrong": _lt("%(text)s is no date: write 2026-12-24."),
    "status_unknown": _lt("The status %(text)s is not known."),
    "line_missing": _lt("The row does not say which goods it is about."),
    "not_clean": _lt("%(text)s"),
}


def file_refusal(env, error):
    """Why a whole file was refused, and what to do."""
    return sentence_of(env, FILE_REFUSALS, error.code, error.params)


def file_reason(env, code, params):
    """Why one row was set aside."""
    return sentence_of(env, FILE_REASONS, code, params)
