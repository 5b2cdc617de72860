"""Reason codes as short English sentences; the caller translates the template, never the finished sentence."""


def _lt(text):
    """Mark a sentence for translation where it stands; who shows it looks the translation up."""
    return text


REASONS = {
    # what the reader of the offers finds
    "inactive": _lt("The offer or its supplier is archived."),
    "supplier_state": _lt("The supplier is %(state)s; only approved suppliers and trials are bought from."),
    "trial_quota": _lt("The trial allows %(limit)s orders and %(used)s are used."),
    "blocked_supplier": _lt("The supplier is blocked: %(note)s."),
    "blocked_country": _lt("The supplier does not deliver to %(country)s."),
    "blocked_tag": _lt("The supplier is blocked for products tagged %(tag)s."),
    "blocked_product": _lt("The product may not be dropshipped."),
    "restricted_country": _lt("The product may not be sent to %(country)s."),
    "hazard": _lt("No service of this warehouse takes dangerous goods (%(kind)s)."),
    "stale": _lt("Stock and price are %(hours)s hours old; %(limit)s are allowed."),
    "past_cutoff": _lt("Closed: nothing leaves before %(until)s."),
    "closed_for_orders": _lt("Closed until %(closed_until)s; the supplier takes no orders meanwhile."),
    "price_in_doubt": _lt("The price would be %(new)s instead of %(old)s, too much for the sale price: decide first."),
    "no_rate_currency": _lt("There is no exchange rate for %(currency)s."),
    "tax_undefined": _lt("The tax position from %(source)s to %(destination)s is not defined."),
    "not_linked": _lt("The offer is not linked to a product yet."),
    # what the engine finds
    "no_weight": _lt("The weight is unknown; enter it on the product or the offer."),
    "no_rate": _lt("There is no freight rate to this address."),
    "no_address": _lt("The delivery address has no country."),
    "service": _lt("The delivery service %(service)s is not available from here."),
    "too_heavy": _lt("One piece weighs %(have)s kg; a parcel may weigh %(limit)s kg."),
    "no_price": _lt("There is no price for this quantity."),
    "no_stock": _lt("Only %(have)s in stock, %(need)s needed."),
    "moq": _lt("The minimum is %(need)s pieces; the order has %(have)s."),
    "pack": _lt("Sold in packs of %(pack)s; %(have)s is not a multiple."),
    "not_asked": _lt("Another offer was asked for."),
    "pinned_elsewhere": _lt("Another supplier is fixed for this line."),
    "excluded": _lt("This supplier is excluded for this line."),
    "terms_refused": _lt("The supplier takes no order below %(need)s; this would be %(have)s."),
    # guards and structure: a person must look
    "guard_margin": _lt("The profit is %(have)s; at least %(need)s is wanted."),
    "guard_margin_percent": _lt("The margin is %(have)s %%; at least %(need)s %% is wanted."),
    "guard_max_price": _lt("The buying price is %(have)s; at most %(limit)s is allowed."),
    "guard_promise": _lt("Arrival in %(have)s days; %(limit)s days were promised."),
    "max_suppliers": _lt("%(have)s suppliers are needed; at most %(limit)s are allowed."),
    "single_shipment": _lt("%(have)s parcels are needed; one shipment is required."),
    "contradictory": _lt("The wishes contradict each other: change the fixed or excluded suppliers, or the policy."),
    "pinned_not_eligible": _lt("The fixed supplier cannot deliver this line; see the reasons or choose another one."),
}

SHORT = {
    "no_stock": _lt("Not enough in stock for the whole basket."),
    "terms_refused": _lt("The supplier takes no order this small."),
    "supplier_state": _lt("The supplier is not approved."),
    "trial_quota": _lt("The trial quota is used up."),
    "blocked_supplier": _lt("The supplier is blocked."),
    "blocked_country": _lt("The supplier does not deliver to this country."),
    "blocked_tag": _lt("The supplier is blocked for this product's tag."),
    "restricted_country": _lt("The product may not be sent to this country."),
    "hazard": _lt("No service of this warehouse takes dangerous goods."),
    "stale": _lt("Stock and price are too old."),
    "past_cutoff": _lt("The warehouse is closed."),
    "closed_for_orders": _lt("The supplier is closed and takes no orders."),
    "no_rate_currency": _lt("There is no exchange rate for the offer's currency."),
    "tax_undefined": _lt("The tax position is not defined."),
    "service": _lt("The delivery service is not available from here."),
}


class Figures(dict):
    """Figures as a person writes them; a missing one shows as an ellipsis rather than failing an order."""

    def __missing__(self, name):
        return "…"


def figure(value):
    """A number without superfluous zeros (money keeps its two), anything else as text.

    >>> from decimal import Decimal
    >>> figure(Decimal("5.000")), figure(Decimal("12.50")), figure(7.0), figure("x")
    ('5', '12.50', '7', 'x')
    """
    if isinstance(value, float):
        return f"{value:g}"
    if hasattr(value, "as_tuple"):
        return f"{value:.0f}" if value == value.to_integral_value() else f"{value:f}"
    return str(value)


def render(reason, translate=None):
    """The sentence of a reason; `translate` maps an English template to the user's language.

    >>> from .cost import reason
    >>> render(reason("moq", have=2, need=5))
    'The minimum is 5 pieces; the order has 2.'
    >>> render(reason("no_stock"))
    'Not enough in stock for the whole basket.'
    >>> render(reason("unheard"))
    'unheard'
    """
    template = SHORT.get(reason.code) if not reason.params else None
    template = template or REASONS.get(reason.code)
    if template is None:
        return reason.code
    template = translate(template) if translate else template
    return template % Figures((name, figure(value)) for name, value in reason.params)
