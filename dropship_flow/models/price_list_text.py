"""Says in the reader's language what is wrong with a price list or one of its rows."""

from ..routing.reasons import Figures
from .reason_text import _lt

REFUSALS = {
    "empty": _lt("The file is empty. Ask the supplier to send it again."),
    "too_large": _lt("The file is larger than %(limit)s MB. Send the sheet with codes and prices only."),
    "too_many_rows": _lt("The file has more than %(limit)s rows. Split it."),
    "too_many_columns": _lt("The file has more than %(limit)s columns. Send the sheet with codes and prices only."),
    "old_excel": _lt("This is an Excel file of the old kind (.xls). Open it and save it as .xlsx or CSV."),
    "no_table": _lt("This is no table. Send CSV or XLSX."),
    "web_page": _lt("This is a web page, not a price list: the download probably asked for a login."),
    "zip": _lt("This is a packed folder. Unpack it and drop the price list itself."),
    "bomb": _lt("This workbook is not safe to open. Save the sheet as CSV and drop that."),
    "broken_workbook": _lt("The workbook is damaged or incomplete. Ask the supplier to send it again."),
}
REASONS = {
    "code_missing": _lt("No code."),
    "code_rounded": _lt("The code %(text)s was rounded by a spreadsheet."),
    "code_long": _lt("The code is longer than a code is."),
    "code_twice": _lt("The code %(text)s is on the lines %(lines)s with different facts."),
    "barcode_twice": _lt("The barcode %(text)s belongs to different goods on the lines %(lines)s."),
    "barcode_rounded": _lt("The barcode %(text)s was rounded by a spreadsheet."),
    "barcode_wrong": _lt("%(text)s is no barcode: its length or check digit is wrong."),
    "name_missing": _lt("No name."),
    "price_missing": _lt("No price."),
    "price_zero": _lt("The price is 0."),
    "price_negative": _lt("The price is below 0."),
    "price_jump": _lt("The price was %(old)s and would be %(new)s: a lost decimal point?"),
    "other_currency": _lt("The price is in %(text)s, the supplier sells in %(currency)s."),
    "not_a_number": _lt("%(text)s is no number."),
    "too_large_number": _lt("%(text)s is too large."),
    "formula": _lt("A formula instead of a value."),
    "weight_wrong": _lt("%(text)s is no weight."),
    "cell_long": _lt("A cell is longer than %(limit)s characters."),
    "total_row": _lt("A total, not a product."),
}


def feed_refusal(env, error):
    """Why the whole file was refused, and what to do."""
    sentence = env._(REFUSALS[error.code])
    return sentence % Figures(error.params)


def feed_reason(env, code, params):
    """Why one row was set aside."""
    if code not in REASONS:
        return code
    sentence = env._(REASONS[code])
    return sentence % Figures(params)
