"""Reason codes as short English sentences; the caller translates the template, never the finished sentence."""

REASONS = {
    # what the reader of the offers finds
    "inactive": "The offer or its supplier is archived.",
    "supplier_state": "The supplier is %(state)s; only approved suppliers and trials are bought from.",
    "trial_quota": "The trial allows %(limit)s orders and %(used)s are used.",
    "blocked_supplier": "The supplier is blocked: %(note)s.",
    "blocked_country": "The supplier does not deliver to %(country)s.",
    "blocked_tag": "The supplier is blocked for products tagged %(tag)s.",
    "blocked_product": "The product may not be dropshipped.",
    "restricted_country": "The product may not be sent to %(country)s.",
    "hazard": "No service of this warehouse takes dangerous goods (%(kind)s).",
    "stale": "Stock and price are %(hours)s hours old; %(limit)s are allowed.",
    "past_cutoff": "Closed: nothing leaves before %(until)s.",
    "no_rate_currency": "There is no exchange rate for %(currency)s.",
    "tax_undefined": "The tax position from %(source)s to %(destination)s is not defined.",
    "not_linked": "The offer is not linked to a product yet.",
    # what the engine finds
    "no_weight": "The weight is unknown; enter it on the product or the offer.",
    "no_rate": "There is no freight rate to this address.",
    "no_address": "The delivery address has no country.",
    "service": "The delivery service %(service)s is not available from here.",
    "too_heavy": "One piece weighs %(have)s kg; a parcel may weigh %(limit)s kg.",
    "no_price": "There is no price for this quantity.",
    "no_stock": "Only %(have)s in stock; %(need)s are needed.",
    "moq": "The minimum is %(need)s pieces; the order has %(have)s.",
    "pack": "Sold in packs of %(pack)s; %(have)s is not a multiple.",
    "not_asked": "Another offer was asked for.",
    "pinned_elsewhere": "Another supplier is fixed for this line.",
    "excluded": "This supplier is excluded for this line.",
    "terms_refused": "The supplier takes no order below %(need)s; this would be %(have)s.",
    # guards and structure: a person must look
    "guard_margin": "The profit is %(have)s; at least %(need)s is wanted.",
    "guard_margin_percent": "The margin is %(have)s %%; at least %(need)s %% is wanted.",
    "guard_max_price": "The buying price is %(have)s; at most %(limit)s is allowed.",
    "guard_promise": "Arrival in %(have)s days; %(limit)s days were promised.",
    "max_suppliers": "%(have)s suppliers are needed; at most %(limit)s are allowed.",
    "single_shipment": "%(have)s parcels are needed; one shipment is required.",
    "contradictory": "The wishes contradict each other: change the fixed or excluded suppliers, or the policy.",
    "pinned_not_eligible": "The fixed supplier cannot deliver this line; see the reasons or choose another one.",
}

SHORT = {
    "no_stock": "Not enough in stock for the whole basket.",
    "terms_refused": "The supplier takes no order this small.",
    "supplier_state": "The supplier is not approved.",
    "trial_quota": "The trial quota is used up.",
    "blocked_supplier": "The supplier is blocked.",
    "blocked_country": "The supplier does not deliver to this country.",
    "blocked_tag": "The supplier is blocked for this product's tag.",
    "restricted_country": "The product may not be sent to this country.",
    "hazard": "No service of this warehouse takes dangerous goods.",
    "stale": "Stock and price are too old.",
    "past_cutoff": "The warehouse is closed.",
    "no_rate_currency": "There is no exchange rate for the offer's currency.",
    "tax_undefined": "The tax position is not defined.",
    "service": "The delivery service is not available from here.",
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
