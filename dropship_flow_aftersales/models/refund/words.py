"""The codes of `refunding` in words, for whoever decides."""

from decimal import Decimal

from odoo.addons.dropship_flow.models.reason_text import Figures, _lt

REFUND_KINDS = [
    ("return", "Goods Come Back"),
    ("keep", "Customer Keeps It for Less"),
    ("refund_only", "Money Back, Nothing to Send"),
    ("not_shipped", "Not Shipped"),
    ("short", "Delivered Too Little"),
    ("cancelled_by_us", "Cancelled by Us"),
    ("refused_parcel", "Parcel Refused"),
    ("price_difference", "Price Difference"),
    ("freight_only", "Freight Only"),
    ("goodwill", "Goodwill"),
    ("paid_twice", "Paid Twice"),
]
ROW_KINDS = [*REFUND_KINDS, ("freight", "Freight"), ("promotion", "Promotion"), ("return_freight", "Return Freight")]

FIELDS = {
    "qty": _lt("Quantity"),
    "amount": _lt("Amount"),
    "price": _lt("New Price"),
    "percent": _lt("Percent"),
    "fee": _lt("Restocking Fee"),
    "given": _lt("Amount"),
    "freight_most": _lt("Freight at Most"),
    "return_freight": _lt("Return Freight"),
    "insured": _lt("Paid by Insurance"),
    "freight": _lt("Freight"),
    "return_payer": _lt("Who Bears the Way Back"),
    "return_advanced": _lt("Who Laid It Out"),
    "stored": _lt("Gift Cards Are Given Back"),
}
SENTENCES = {
    # refused
    "not_a_number": _lt("%(field)s: %(value)s is not a number. Enter one."),
    "negative": _lt("%(field)s is below nothing. Enter a positive number."),
    "too_large": _lt("%(field)s is larger than any order. Check it."),
    "over_100": _lt("%(field)s is more than 100 %%."),
    "not_whole": _lt("%(amount)s cannot be paid: the smallest coin is %(step)s."),
    "other_currency": _lt("The order is in %(expected)s, not in %(asked)s. Enter the amount in %(expected)s."),
    "not_collected": _lt("The carrier has not collected the money yet, so there is nothing to give back."),
    "never_paid": _lt("The order was never paid. Cancel it, or lower its invoice instead."),
    "charged_back": _lt("The customer's bank took back %(amount)s. That is not refunded again."),
    "nothing_asked": _lt("Choose what is refunded."),
    "unknown_choice": _lt("%(field)s: there is no choice %(value)s."),
    "unknown_kind": _lt("There is no kind of refund %(kind)s."),
    "line_missing": _lt("Choose the line it is about."),
    "unknown_line": _lt("%(line)s cannot be refunded this way. Choose goods of this order."),
    "figure_missing": _lt("%(line)s: enter the %(field)s."),
    "one_figure": _lt("%(line)s: enter either %(fields)s, not both."),
    "figure_unused": _lt("%(field)s means nothing for this kind of refund. Leave it empty."),
    "zero": _lt("%(line)s: %(field)s is nothing. Enter how much."),
    "more_than_delivered": _lt("%(line)s: %(asked)s asked, but only %(left)s were delivered and not refunded yet."),
    "more_than_undelivered": _lt(
        "%(line)s: %(asked)s asked, but only %(left)s are still undelivered and not refunded yet."
    ),
    "more_than_invoiced": _lt("%(line)s: %(asked)s asked, but only %(left)s are left to refund."),
    "more_than_paid": _lt("%(line)s: %(asked)s asked, but only %(left)s of what was paid is left."),
    "not_cheaper": _lt("%(line)s: %(price)s a piece is not less than the customer paid (%(paid)s for %(qty)s)."),
    # worth knowing
    "by_person": _lt("%(amount)s cannot go back the way it came: the accountant pays it."),
    "still_owed": _lt("Of %(credit)s only %(money)s go back: the rest was not paid yet and is owed no more."),
    "promotion_lost": _lt("Too little of the order stays for %(promotion)s: %(amount)s are taken off."),
    "promotion_restored": _lt("%(promotion)s had been taken off before: %(amount)s are given back."),
    "promotion_let_go": _lt("Too little of the order stays for %(promotion)s. The customer may keep it."),
    "taken_later": _lt("%(amount)s of %(promotion)s are not covered by this refund and taken off a later one."),
    "gift_expected": _lt("The gift %(line)s (%(qty)s) of %(promotion)s has to come back as well."),
    "freight_not_covered": _lt("%(amount)s of the return freight are not covered by this refund."),
    "insured": _lt("An insurance paid the customer %(amount)s for the way back. That is not paid again."),
    "points_spent": _lt("%(points)s points are taken off, but only %(left)s are on the card: it goes below nothing."),
}
# Which figures are money; the same name is a quantity elsewhere.
MONEY = {
    "not_whole": ("amount", "step"),
    "more_than_paid": ("asked", "left"),
    "not_cheaper": ("price", "paid"),
    "still_owed": ("credit", "money"),
}


def sentences(env, reasons, order):
    """Say refusals or warnings.

    :param reasons: [(code, {figure: value}), …]; numbers may be text
    :param order: the sale order they are about
    :return: list of sentences in the language of `env`
    """
    return [_sentence(env, code, dict(figures), order) for code, figures in reasons]


def _sentence(env, code, figures, order):
    if code not in SENTENCES:
        return code
    for name in MONEY.get(code, ("amount",)):
        if name in figures:
            figures[name] = order.currency_id.format(float(figures[name]))
    if "field" in figures:
        figures["field"] = _field(env, figures["field"])
    if "fields" in figures:
        figures["fields"] = env._(" or ").join(_field(env, name) for name in figures["fields"])
    if "line" in figures:
        figures["line"] = line_name(env, figures["line"]) or order.name
    if "promotion" in figures:
        figures["promotion"] = program_name(env, figures["promotion"])
    for name in ("asked", "left", "qty", "points"):
        if name in figures and not isinstance(figures[name], str):
            figures[name] = f"{Decimal(figures[name]).normalize():f}"
    words = env._(SENTENCES[code])
    return words % Figures(figures)


def _field(env, name):
    return env._(FIELDS[name]) if name in FIELDS else name


def line_name(env, key):
    """The product of a line's key; empty for the whole order."""
    line = env["sale.order.line"].sudo().browse(key).exists() if isinstance(key, int) else None
    return (line.product_id.display_name or line.name) if line else ""


def program_name(env, key):
    """What a promotion's key is of: a programme, or a delivery that was free."""
    if str(key).startswith("delivery "):
        return line_name(env, int(key.split()[1]))
    program = env["loyalty.program"].sudo().browse(int(str(key).split()[-1])).exists()
    return program.name or key


def plain(value):
    """Figures as plain JSON: exact numbers as text."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, (list, tuple)) else value
