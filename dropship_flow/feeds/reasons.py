"""Every code the reader gives, with the figures that go with it. Words for people are elsewhere, one for each."""

# A whole file that cannot be read: FeedError(code, **figures)
FILES = {
    "empty": (),
    "too_large": ("limit",),  # MB
    "too_many_rows": ("limit",),
    "too_many_columns": ("limit",),
    "line_long": ("limit",),  # MB in one line
    "item_large": ("path",),  # one item that does not end
    "old_excel": (),
    "no_table": (),  # PDF, picture, an archive of another kind
    "web_page": (),
    "zip": (),
    "zip_many": ("count",),
    "zip_nested": (),
    "zip_password": (),
    "zip_unsafe": (),  # grows beyond reason, leads out of its folder, is a link
    "broken_archive": (),
    "bomb": (),  # of a workbook
    "broken_workbook": (),
    "xml_unsafe": (),  # declares entities
    "broken_xml": ("line",),
    "json_unsafe": (),
    "broken_json": (),
    "truncated": ("line",),
    "no_items": ("path",),
    "header_changed": ("missing", "new"),
    "other_format": ("expected", "found"),
    "encoding_unknown": ("text",),
    # The plan, not the file:
    "no_sku_column": (),
    "target_unknown": ("name",),
    "tier_wrong": ("text",),
    "transform_unknown": ("name",),
    "transform_argument": ("name", "text"),
}
# A row that cannot be taken: Reject.reasons
ROWS = {
    "code_missing": (),
    "code_rounded": ("text",),
    "code_date": ("text",),
    "code_long": ("text",),
    "code_lookalike": ("text", "meant"),
    "name_missing": (),
    "barcode_rounded": ("text",),
    "barcode_wrong": ("text",),
    "barcode_store": ("text",),
    "price_missing": (),
    "price_zero": (),
    "price_negative": (),
    "other_currency": ("text", "currency"),
    "currency_unknown": ("text",),
    "tiers_rise": ("old", "new"),
    "tiers_wrong": ("text",),
    "not_a_number": ("text",),
    "too_large_number": ("text",),
    "formula": (),
    "count_wrong": ("text",),
    "days_wrong": ("text",),
    "weight_wrong": ("text",),
    "hs_wrong": ("text",),
    "origin_unknown": ("text",),
    "yes_no_wrong": ("text",),
    "date_wrong": ("text",),
    "date_doubtful": ("text",),
    "cell_long": ("limit",),
    "encoding": ("text",),
    "width": ("found", "expected"),
    "quotes": (),
    "line_broken": (),
    "total_row": (),
    "note_row": (),
}
# Found when the rows of a price list are compared with each other and with what is known.
COMPARED = {
    "code_twice": ("text", "lines"),
    "barcode_twice": ("text", "lines"),
    "price_jump": ("old", "new"),
}
CODES = {**FILES, **ROWS, **COMPARED}
# Rows that never were goods: nobody has to look at them, and they do not speak against a file.
HARMLESS = frozenset({"total_row", "note_row"})
