"""What is wrong with advertising and rules of costs, in the reader's language."""

from datetime import date

from odoo.addons.dropship_flow.models.file_text import FILE_REFUSALS
from odoo.addons.dropship_flow.models.reason_text import _lt
from odoo.addons.dropship_flow.routing.reasons import Figures
from odoo.tools import format_date

REASONS = {
    # rows of advertising
    "campaign_missing": _lt("The row names no campaign."),
    "source_missing": _lt("The row names no source: add a column for it, or choose one for the whole file."),
    "not_a_day": _lt('"%(value)s" is no day: write 2026-12-24.'),
    "day_doubtful": _lt('"%(value)s": day or month first? Say it above, or write 2026-12-24.'),
    "future_day": _lt("%(day)s is in the future: enter what was spent."),
    "closed_day": _lt("%(day)s is in a closed month: enter the difference on a day of an open one."),
    "unknown_campaign": _lt('There is no campaign "%(campaign)s": make it, or correct the name.'),
    "doubtful_campaign": _lt('Several campaigns are called "%(campaign)s": write the identifier instead.'),
    "unknown_source": _lt('There is no source "%(source)s": make it, or correct the name.'),
    "row_twice": _lt("The same day, campaign, source and currency stands in two rows: add them up."),
    "beside_bad_row": _lt("Another row of this day, campaign and source is wrong: half of a day is not taken."),
    "formula": _lt("A formula instead of a value: paste the value itself."),
    "rounded": _lt("%(value)s was rounded by a spreadsheet: enter it as text."),
    "error": _lt("%(value)s is an error of the spreadsheet."),
    # figures
    "negative": _lt("%(value)s is below zero: a cost is written without a minus."),
    "not_a_number": _lt('"%(value)s" is no number.'),
    "too_large": _lt("This amount is too large."),
    "unknown_currency": _lt("The currency %(currency)s is not active: activate it and enter its rate."),
    "no_rate": _lt("There is no exchange rate for %(currency)s up to %(day)s: enter one."),
    "not_whole": _lt("%(amount)s is finer than the currency: round it to %(step)s."),
    # rules
    "over_100": _lt("%(value)s %% is more than everything."),
    "first_missing": _lt("A cost that is due once needs its first day."),
    "last_missing": _lt("A cost that is due once needs its last day."),
    "last_before_first": _lt("The last day is before the first."),
    "figure_unused": _lt("This kind of cost has no use for one of the figures."),
    "unknown_kind": _lt("This kind of cost is not known."),
    "unknown_choice": _lt("This way to divide a cost is not known."),
    # why a cost went to no order
    "no_revenue": _lt("Nothing was sold."),
    "no_orders": _lt("There was no order."),
    "no_parcels": _lt("No parcel left."),
    "no_units": _lt("No unit was sold."),
}
REFUSALS = {
    **FILE_REFUSALS,
    "no_heading": _lt("No row has headings for day, campaign and cost: is this the right file?"),
    "no_rows": _lt("The file has headings and nothing below them."),
}


def plain(figures):
    """Figures as they can be kept: days and amounts as text."""
    return {
        name: value.isoformat() if isinstance(value, date) else value if isinstance(value, (int, str)) else str(value)
        for name, value in figures.items()
    }


def cost_reason(env, code, figures):
    """Say one reason; one without a sentence is shown as it is."""
    if code not in REASONS:
        return code
    if figures.get("day"):
        figures = {**figures, "day": format_date(env, figures["day"])}
    if figures.get("campaign") and isinstance(figures["campaign"], int):
        figures = {**figures, "campaign": env["utm.campaign"].browse(figures["campaign"]).display_name}
    words = env._(REASONS[code])
    return words % Figures(figures)


def cost_refusal(env, error):
    """Why a whole file was refused.

    :param error: a `FeedError`
    """
    if error.code not in REFUSALS:
        return error.code
    words = env._(REFUSALS[error.code])
    return words % Figures(error.params)
