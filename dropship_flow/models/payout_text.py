"""What payouts say about themselves and their rows."""

from ..feeds.errors import FeedError
from ..routing.reasons import Figures
from .order_file_text import ORDER_REFUSALS
from .reason_text import FLOW_REASONS, _lt

FLOW_REASONS.update(
    {
        "payout_total": _lt(
            "The rows come to %(found)s, transferred is %(told)s: a row is missing, or stands there twice. Download "
            "the file again; if the bank shows another sum, press The Bank Shows."
        ),
        "payout_transfer": _lt("The file says %(told)s was transferred, its rows say %(found)s."),
        "payout_balance": _lt(
            "The balances do not follow from the amounts: rows are missing. Download the file again, without a filter."
        ),
        "payout_untold": _lt("The file does not say what was transferred: compare it with the bank."),
        "payout_rows_open": _lt("%(count)s rows have to be looked at."),
        "payout_kind_unknown": _lt('Nobody said yet what "%(text)s" is: choose it once, the next file knows it.'),
        "payout_row_sum": _lt("The amounts of the row come to %(found)s, it says %(told)s."),
        "payout_rounded": _lt(
            "The order number %(text)s was rounded by a spreadsheet: download the file again and do not open it before."
        ),
        "payout_order_unknown": _lt(
            "No order has the number %(number)s. It is matched when the order is entered; or choose the order by hand."
        ),
        "payout_no_order": _lt("The row is about a customer and names no order: choose it by hand."),
        "payout_known": _lt("It stands in payout %(payout)s already and is not counted again."),
        "payout_back_twice": _lt(
            "%(order)s was paid back and called back: %(back)s of %(paid)s. Object to it at the channel."
        ),
        "payout_rate": _lt(
            "%(amount)s stands for %(order)s at the channel's own rate; ours differs by %(difference)s."
        ),
        "payout_paid_less": _lt("%(amount)s less was paid out for the sale."),
        "payout_paid_more": _lt("%(amount)s more was paid out for the sale."),
        "payout_fees_more": _lt("The fees are %(amount)s higher than agreed."),
        "payout_fees_less": _lt("The fees are %(amount)s lower than agreed."),
        "payout_refund": _lt("%(amount)s was paid back to the customer."),
        "payout_chargeback": _lt("%(amount)s was called back by the customer's bank."),
        "payout_reserve": _lt("%(amount)s is kept back as a reserve."),
        "payout_adjustment": _lt("The channel adjusted %(amount)s."),
    }
)
# What a cell says wrong, as reading calls it, with this before its name.
CELL = "payout_"
FLOW_REASONS.update(
    {
        "payout_not_a_number": _lt('"%(text)s" is no number.'),
        "payout_not_a_date": _lt('"%(text)s" is no date.'),
        "payout_date_doubtful": _lt('"%(text)s": day or month first? Say it in the form.'),
        "payout_too_large_number": _lt('"%(text)s" is no number that can be.'),
        "payout_formula": _lt("A formula instead of a number."),
    }
)

REFUSALS = {
    **ORDER_REFUSALS,
    "column_missing": _lt(
        "This is no payout file of the chosen form: the column %(name)s is missing. "
        "Choose another form, or correct its columns."
    ),
    "payout_no_currency": _lt("%(currency)s is not active: activate it and enter its rate, then read again."),
    "no_rows": _lt("The file has no row with an amount that was paid out."),
}


def payout_refusal(env, error):
    """Why a whole file was refused, and what to do.

    :param error: a `FeedError`, or [code, figures]
    """
    code, params = (error.code, error.params) if isinstance(error, FeedError) else error
    if code not in REFUSALS:
        return code
    sentence = env._(REFUSALS[code])
    return sentence % Figures(params)


def cell_reasons(problems):
    """Problems of reading as reasons: codes of cells get their own names here."""
    return [[code if code.startswith(CELL) else CELL + code, params] for code, params in problems]
