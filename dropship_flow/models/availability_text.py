"""What customers are told about stock, in a few words. Never who sells, never what it costs."""

from odoo import fields
from odoo.tools import format_date
from odoo.tools.float_utils import float_round

# How the words look: name of the bootstrap colour.
LEVELS = {"in_stock": "success", "few": "warning", "later": "info", "closed": "info", "none": "danger"}


def whole(quantity):
    """A quantity as people say it, never more than there is."""
    if float(quantity).is_integer():
        return str(int(quantity))
    return f"{float_round(quantity, precision_digits=2, rounding_method='DOWN'):g}"


def stock_text(env, stock):
    """One short sentence for the reader."""
    if stock.state == "few":
        return env._("Only %s left", whole(stock.quantity))
    if stock.state == "in_stock":
        return env._("In stock")
    if stock.state == "closed" and stock.closed_until:
        back = format_date(env, fields.Date.add(stock.closed_until, days=1))
        if stock.orderable:
            return env._("The supplier's holiday: ships from %s", back)
        return env._("The supplier's holiday: can be ordered again from %s", back)
    if stock.state == "later" and not stock.orderable and stock.ready_on:
        return env._("Expected again on %s", format_date(env, stock.ready_on))
    if stock.state == "later" and stock.orderable:
        if stock.ready_on and stock.ship_days > 14:
            return env._("Ships from %s", format_date(env, stock.ready_on))
        if stock.ship_days <= 1:
            return env._("Ships tomorrow")
        return env._("Ships in %s days", stock.ship_days)
    return env._("Not available at the moment")


def stock_level(stock):
    return LEVELS[stock.state] if stock.orderable or stock.state == "closed" else "danger"
