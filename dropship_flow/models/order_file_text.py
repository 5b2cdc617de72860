"""Says in the reader's language what is wrong with an order file or a row of it."""

from .api_texts import SENTENCES
from .file_text import FILE_REFUSALS
from .reason_text import _lt, sentence_of

ORDER_REFUSALS = {
    **FILE_REFUSALS,
    "no_rows": _lt("The file has headings and nothing below them."),
    "column_missing": _lt(
        "This is no order file of the chosen form: the column %(name)s is missing. "
        "Choose another form, or correct its columns."
    ),
}
ORDER_REASONS = {
    # rows that are not for us
    "no_order": _lt("No order: the row names none."),
    "cancelled": _lt("Cancelled at the channel: %(word)s."),
    "refunded": _lt("Refunded: %(word)s."),
    "shipped": _lt("Shipped already."),
    "status": _lt("Not to be shipped: %(word)s."),
    "unpaid": _lt("Not paid yet."),
    "known": _lt("Entered before, as %(order)s."),
    # rows a person looks at
    "no_goods": _lt("No row of the order says what was bought."),
    "harmed": _lt("%(field)s was rounded by a spreadsheet: download the file again and do not open it before."),
    "several_goods": _lt("%(count)s goods in one row: add the file of the goods as well."),
    "quantity_missing": _lt("No quantity."),
    "quantity_zero": _lt("A quantity of 0."),
    "quantity_negative": _lt("A quantity below 0."),
    "quantity_part": _lt("%(quantity)s of %(product)s: it is sold in whole pieces."),
    "price_negative": _lt("The price %(price)s is below 0."),
    "amount_negative": _lt("The amount %(amount)s is below 0."),
    "price_far": _lt("The price %(price)s is far from ours, %(ours)s."),
    "currency_other": _lt("The order is in %(name)s, the channel sells in %(wanted)s."),
    "sum_differs": _lt("The lines come to %(goods)s, the file says %(paid)s was paid."),
    "sku_unknown": _lt("Nobody said yet what %(code)s is."),
    "sku_empty": _lt("The row has neither code nor title."),
    "masked": _lt("The channel hides customers' data in this file (%(text)s): export it with whole addresses."),
    "no_name": _lt("No receiver."),
    "no_address": _lt("No address."),
    "not_a_number": _lt('"%(text)s" is no number.'),
    "too_large_number": _lt('"%(text)s" is no number that can be.'),
    "formula": _lt("A formula instead of a number."),
    "not_a_date": _lt('"%(text)s" is no date.'),
    "date_doubtful": _lt('"%(text)s": day or month first? Say it in the form.'),
    "order_waits": _lt("Another row of the order has to be looked at."),
    "cancelled_there": _lt("The channel cancelled it (%(word)s), here %(order)s goes on: cancel it as well."),
    "put_aside": _lt("It stopped the import %(times)s times and was put aside."),
}


def order_refusal(env, code, params):
    """Why a whole file was refused, and what to do."""
    return sentence_of(env, ORDER_REFUSALS, code, params)


def order_reason(env, code, params):
    """Why a row was set aside or left out."""
    return sentence_of(env, ORDER_REASONS if code in ORDER_REASONS else SENTENCES, code, params)
