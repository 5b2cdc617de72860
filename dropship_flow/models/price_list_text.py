"""Says in the reader's language what is wrong with a price list or one of its rows."""

from ..routing.reasons import Figures
from .reason_text import _lt, sentence_of

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
    "line_long": _lt("One line of the file is longer than %(limit)s MB: this is no list of goods."),
    "item_large": _lt("An item of the file does not end. Check where the items are in it."),
    "zip_many": _lt("The archive holds %(count)s files. Send it with the one list only."),
    "zip_nested": _lt("The archive holds another archive. Send the list itself, or packed once."),
    "zip_password": _lt("The archive asks for a password. Send it without."),
    "zip_unsafe": _lt("The archive is not safe to unpack. Ask the supplier for the list itself."),
    "broken_archive": _lt("The archive is damaged or incomplete. Fetch the file again."),
    "xml_unsafe": _lt("The XML file declares entities and is not read. Ask the supplier for a file without them."),
    "broken_xml": _lt("The XML file is damaged at line %(line)s. Ask the supplier to send it again."),
    "json_unsafe": _lt("The JSON file is nested too deeply to be a list of goods."),
    "broken_json": _lt("The JSON file is damaged. Ask the supplier to send it again."),
    "truncated": _lt("The file ends in the middle: it was cut off on the way. Fetch it again."),
    "no_items": _lt("No items were found in the file. Check where the items are: %(path)s"),
    "header_changed": _lt(
        "The columns changed. Missing: %(missing)s. New: %(new)s. Nothing was taken; check what the columns mean."
    ),
    "other_format": _lt("The file is %(found)s, this feed expects %(expected)s."),
    "encoding_unknown": _lt("%(text)s is no encoding."),
    "no_sku_column": _lt("Say which column is the supplier's code: without it no row has a name."),
    "target_unknown": _lt("%(name)s is nothing an offer has. Check the columns."),
    "tier_wrong": _lt("%(text)s is no quantity a price can begin at. Check the columns."),
    "transform_unknown": _lt("The step %(name)s does not exist. Check the steps of the columns."),
    "transform_argument": _lt('The step %(name)s cannot work with "%(text)s". Check the steps of the columns.'),
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
    "note_row": _lt("A remark or heading, not a product."),
    "code_date": _lt("The code %(text)s was turned into a date by a spreadsheet."),
    "code_lookalike": _lt("The code %(text)s has letters of another alphabet that look like %(meant)s."),
    "barcode_store": _lt("The barcode %(text)s is one for use inside a shop only; it says nothing elsewhere."),
    "currency_unknown": _lt("%(text)s is no currency."),
    "tiers_rise": _lt("More costs more: from %(old)s to %(new)s a piece."),
    "tiers_wrong": _lt("%(text)s is no list of prices from quantities."),
    "count_wrong": _lt("%(text)s is no number of pieces."),
    "days_wrong": _lt("%(text)s is no number of days."),
    "hs_wrong": _lt("%(text)s is no customs code: it has 6, 8, 10 or more digits."),
    "origin_unknown": _lt("%(text)s is no country."),
    "yes_no_wrong": _lt("%(text)s is neither yes nor no."),
    "date_wrong": _lt("%(text)s is no date."),
    "date_doubtful": _lt("%(text)s can be two different days. Say how this supplier writes dates."),
    "encoding": _lt("%(text)s is written in another encoding than the rest of the file."),
    "width": _lt("The row has %(found)s cells, the header has %(expected)s: its values may stand in wrong columns."),
    "quotes": _lt("A quotation mark is opened and never closed."),
    "line_broken": _lt("The line is damaged."),
}


def feed_refusal(env, error):
    """Why the whole file was refused, and what to do."""
    sentence = env._(REFUSALS[error.code])
    return sentence % Figures(error.params)


def feed_reason(env, code, params):
    """Why one row was set aside."""
    return sentence_of(env, REASONS, code, params)
