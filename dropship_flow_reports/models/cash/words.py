"""Why money is expected, or not counted: codes of facts and of the engine as sentences."""

from odoo.addons.dropship_flow.models.reason_text import FLOW_DAYS, FLOW_FIELDS, FLOW_REASONS, FLOW_WORDS, _lt

FLOW_REASONS.update(
    {
        "cash_posted": _lt("Posted for a later day."),
        "cash_planned": _lt("Entered by a person."),
        "cash_recurring": _lt("Recurs since %(day)s."),
        "cash_rest": _lt("On %(day)s %(amount)s are still to come: the rest is billed."),
        "cash_payout": _lt("%(source)s pays out after %(days)s days."),
        "cash_payout_waits": _lt("%(source)s pays out %(days)s days after the delivery, which is still to come."),
        "cash_payout_of": _lt("The customer paid %(gross)s, fees are %(fees)s."),
        "cash_payout_there": _lt("The provider holds the money already: only his fees go off."),
        "cash_reserve": _lt("Kept back by %(source)s for %(days)s days."),
        "cash_collected": _lt("%(carrier)s collected it and hands over after %(days)s days, less %(fee)s."),
        "cash_to_collect": _lt("%(carrier)s collects it at delivery and hands over after %(days)s days, less %(fee)s."),
        "cash_invoice": _lt("Open invoice, due on %(day)s."),
        "cash_credit_note": _lt("Open credit note."),
        "cash_order": _lt("Ordered, not invoiced yet."),
        "cash_advance": _lt("%(amount)s of it are paid on account already."),
        "cash_stale": _lt("%(amount)s are open for more than %(days)s days: invoice it, or cancel it."),
        "cash_bill": _lt("Open bill, due on %(day)s."),
        "cash_bill_held": _lt("The bill is held: it may be paid later."),
        "cash_supplier_credit": _lt("Open credit note of the supplier."),
        "cash_from_wallet": _lt("%(amount)s are taken from the prepaid balance."),
        "cash_pay_to_ship": _lt("Paid before it ships."),
        "cash_all_prepaid": _lt("In this scenario everything is paid with the order."),
        "cash_purchase": _lt("Bought, expected to be billed on %(day)s, paid by the terms: %(term)s."),
        "cash_wallet": _lt("Topped up before it falls below %(level)s; %(weekly)s are taken in a week."),
        "cash_unbooked": _lt("Topped up, but no payment is booked yet."),
        "cash_refund": _lt("Agreed with the customer, not paid yet."),
        "cash_expected_refund": _lt(
            "Of %(revenue)s delivered on %(day)s: %(percent)s %% of deliveries were given back in the weeks after."
        ),
        "cash_new_sales": _lt(
            "%(channel)s sells on as in the last %(weeks)s weeks; its money comes %(delay)s days after the order."
        ),
        "cash_new_reserve": _lt("%(channel)s keeps back %(reserve)s %% of what is still to be sold, and releases it."),
        "cash_new_fees": _lt("%(channel)s keeps %(fee)s %% of what is still to be sold."),
        "cash_new_purchases": _lt(
            "%(channel)s: suppliers get %(cost)s %% of what is still to be sold, %(days)s days after the order."
        ),
        "cash_new_refunds": _lt("%(channel)s: %(back)s %% of what is still to be sold are given back."),
        "cash_new_tax": _lt("%(channel)s: tax is %(tax)s %% of what is still to be sold, with its period."),
        "cash_ads": _lt("Advertising goes on as in the last %(days)s days, which cost %(amount)s."),
        "cash_ad_fee": _lt("%(percent)s %% of the %(amount)s for advertising in %(days)s days."),
        "cash_tax": _lt("Tax of the documents from %(first)s to %(last)s, due on %(due)s."),
        "cash_tax_due": _lt("%(name)s"),
        "cash_no_tax_rule": _lt(
            "Nobody said when tax is due: choose it in the settings under Cash Forecast, or enter due dates."
        ),
        "cash_tax_uncovered": _lt(
            "%(returned)s: %(amount)s of tax were booked in the last year, but you file no such return. Choose it "
            "under Due Days of Returns, else it is never due."
        ),
        # What the engine leaves out.
        "after_horizon": _lt("Comes after the last week: %(amount)s, first on %(day)s."),
        "release_unknown": _lt("Nobody knows when %(amount)s are released: enter the days in the payout terms."),
        "no_day": _lt("It has no day."),
        "no_rate": _lt("%(currency)s has no exchange rate: enter one."),
        "too_old": _lt("Delivered more than %(weeks)s weeks ago: nothing of it comes back any more."),
        "nothing_left": _lt("All of it is refunded."),
        "no_sales": _lt("Nothing was sold in a whole week: there is no pace to go by."),
        "twice": _lt("It is counted already."),
        "zero": _lt("Nothing is left of it."),
        "no_rule": _lt("Nobody said when tax is due: choose it in the settings under Cash Forecast."),
    }
)
for _code, _names in {
    "cash_recurring": ("day",), "cash_rest": ("day",), "cash_invoice": ("day",), "cash_bill": ("day",),
    "cash_purchase": ("day",), "cash_expected_refund": ("day",), "cash_tax": ("first", "last", "due"),
    "after_horizon": ("day",),
}.items():  # fmt: skip
    FLOW_DAYS[_code] = _names
# Figures that have no name.
_CHANNEL = {"–": _lt("The shop without a channel")}
for _code in ("sales", "reserve", "fees", "purchases", "refunds", "tax"):
    FLOW_WORDS[f"cash_new_{_code}"] = {"channel": _CHANNEL}
FLOW_WORDS["cash_purchase"] = {"term": {"–": _lt("at once")}}
FLOW_WORDS["cash_collected"] = FLOW_WORDS["cash_to_collect"] = {"carrier": {"–": _lt("The carrier")}}
FLOW_FIELDS["cash_tax_uncovered"] = {"returned": ("dropship.tax.due", "returned")}
