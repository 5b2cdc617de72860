"""Says reasons – codes with figures – in the reader's language."""

from odoo.exceptions import MissingError
from odoo.tools import format_date, format_datetime

from ..routing.reasons import REASONS, SHORT, Figures, figure


def _lt(text):
    """Mark a sentence for translation; it is looked up when it is shown."""
    return text


# What only the Odoo side knows. The engine's own sentences are in routing/reasons.py.
FLOW_REASONS = {
    "refused": _lt("This source refused the order before."),
    "warehouse_address": _lt("The warehouse %(warehouse)s has no country: complete its address."),
    "error": _lt("Routing stopped with an error: %(text)s – correct the cause and press Try Again."),
    "no_policy": _lt("No routing policy matches this order: add one under Configuration ▸ Routing Policies."),
    "no_plan": _lt("No combination of suppliers fulfils the policy: loosen it, or unpin a supplier."),
    "line_without_source": _lt("Nobody can deliver %(product)s:"),
    "product_without_source": _lt(
        "%(product)s is to be dropshipped, but nobody sells it to us: add an offer of a supplier, or a vendor."
    ),
    "candidate_out": _lt("%(supplier)s: %(why)s"),
    "policy_ask": _lt('The policy "%(policy)s" asks before buying.'),
    "above_limit": _lt("The purchase costs %(landed)s %(currency)s, the policy asks above %(limit)s."),
    "below_margin": _lt("The expected margin is %(percent)s %%, the policy asks below %(limit)s %%."),
    "tax_undefined": _lt(
        "No tax position for goods from %(source)s to %(target)s: add one under Configuration ▸ Tax Positions."
    ),
    "tax_mixed": _lt(
        "%(product)s would come from places with different tax positions: pin one supplier or split the line."
    ),
    "tax_changes_total": _lt(
        "The tax position %(position)s changes the amount of %(product)s from %(old)s to %(new)s: "
        "agree with the customer and set the line's taxes."
    ),
    "approval_limit": _lt("Purchase %(purchase)s of %(amount)s is above the approval limit of the company."),
    "purchase_cancelled": _lt("Purchase %(purchase)s was cancelled: release to buy elsewhere."),
    "short_shipment": _lt(
        "%(supplier)s shipped only %(shipped)s of %(ordered)s %(product)s: release to buy the rest again."
    ),
    "cancel_asked": _lt(
        "The sale was cancelled, but %(supplier)s has the purchase %(purchase)s already: ask whether it can be stopped."
    ),
    "quantity_lowered": _lt(
        "The customer needs %(surplus)s less of %(product)s, but %(supplier)s has the purchase %(purchase)s already: "
        "ask whether it can be lowered."
    ),
}

# Figures that are words themselves, by reason and figure: {code: {figure: {word: sentence to translate}}}.
FLOW_WORDS = {}
# Figures that are codes of a selection field: {code: {figure: (model, field)}}; and figures that are days.
FLOW_FIELDS = {}
FLOW_DAYS = {}


def reasons_text(env, reasons):
    """Say reasons, one a line.

    :param list reasons: [[code, {figure: value}], …]; a code without a sentence is shown as it is
    """
    return "\n".join(reason_text(env, code, params) for code, params in reasons)


def reasons_line(env, reasons):
    """Say reasons in one line."""
    return " ".join(reason_text(env, code, params) for code, params in reasons)


def sentence_of(env, sentences, code, params):
    """One of a list of sentences with its figures; a code without one is shown as it is."""
    if code not in sentences:
        return code
    sentence = env._(sentences[code])
    return sentence % Figures(params)


def reason_text(env, code, params):
    """Say one reason."""
    if code == "candidate_out":
        params = {"supplier": params["supplier"], "why": reason_text(env, params["code"], params)}
    if "product_id" in params:
        params = {**params, "product": _product_name(env, params["product_id"]) or params["product"]}
    if "answer_by" in params:
        params = {**params, "answer_by": format_datetime(env, params["answer_by"], dt_format="short")}
    for name in {"wait_until", "closed_until"} & params.keys():
        params = {**params, name: format_date(env, params[name])}
    template = FLOW_REASONS.get(code) or (not params and SHORT.get(code)) or REASONS.get(code)
    if template is None:
        return params.get("text") or code
    if code == "supplier_state":
        states = dict(env["dropship.supplier"]._fields["state"]._description_selection(env))
        params = {"state": states.get(params.get("state"), params.get("state"))}
    for name, words in FLOW_WORDS.get(code, {}).items():
        said = [env._(words[word]) if word in words else word for word in str(params.get(name, "")).split(",")]
        params = {**params, name: ", ".join(said)}
    for name, (model, field) in FLOW_FIELDS.get(code, {}).items():
        words = dict(env[model]._fields[field]._description_selection(env))
        params = {**params, name: words.get(params.get(name)) or params.get(name) or "–"}
    for name in FLOW_DAYS.get(code, ()):
        params = {**params, name: format_date(env, params[name])}
    sentence = env._(template)
    return sentence % Figures(params)


def _product_name(env, product_id):
    """The name in the reader's language, from the cache where a list has read it; empty when the product is gone."""
    try:
        return env["product.product"].sudo().browse(product_id).display_name
    except MissingError:
        return ""


def as_json(reasons):
    """Turn the engine's reasons into what holds and traces keep: figures as a person writes them."""
    return [[reason.code, {name: figure(value) for name, value in reason.params}] for reason in reasons]
