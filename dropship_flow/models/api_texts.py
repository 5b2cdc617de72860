"""The sentences of the order API. Codes come from the pure package and from what the database says."""

from .reason_text import _lt

SENTENCES = {
    # how a body looks
    "type": _lt("This must be of type %(wanted)s."),
    "enum": _lt("Only these words are known: %(allowed)s."),
    "unknown": _lt('There is no field "%(name)s".'),
    "required": _lt("This field is missing."),
    "minItems": _lt("At least %(limit)s needed."),
    "maxItems": _lt("At most %(limit)s at a time, there are %(have)s: make several calls."),
    "maxLength": _lt("At most %(limit)s characters, there are %(have)s."),
    "minLength": _lt("At least %(limit)s characters that are not blank."),
    "pattern": _lt("This is not written as expected."),
    "format": _lt("This is no %(wanted)s."),
    "text": _lt("This text holds characters that cannot be kept."),
    "exclusiveMinimum": _lt("This must be more than %(limit)s."),
    "minimum": _lt("This must be at least %(limit)s."),
    "maximum": _lt("This must be at most %(limit)s."),
    "duplicate": _lt('The body names "%(name)s" twice in one object: it would be unclear which one counts.'),
    "nan": _lt("%(name)s is no figure that can be kept."),
    "too_large": _lt("The body has more than %(limit)s bytes: make several calls."),
    "no_json": _lt("The body is no JSON: %(text)s"),
    # the call
    "key_differs": _lt("The header Idempotency-Key and the field idempotency_key are different."),
    "key_reused": _lt(
        "This idempotency key was used with another body on %(date)s. "
        "Use a new key for a new or corrected call; repeat the first body to get its answer."
    ),
    "busy": _lt("This is being worked on at the moment. Repeat the call in a few seconds."),
    # orders
    "text_or_parts": _lt("Give the address as one text or in parts, not both."),
    "no_country": _lt("An address in parts needs its country."),
    "sku_or_barcode": _lt("Give either sku or barcode."),
    "same_call": _lt("The same number stands in this call already, at orders[%(first)s]."),
    "exists": _lt("Number %(number)s of this channel was entered before, as %(order)s."),
    "channel": _lt('There is no sales channel with the code "%(name)s".'),
    "product": _lt('No product that can be sold has "%(name)s".'),
    "products": _lt('Several products have "%(name)s": make it unique.'),
    "country": _lt('There is no country "%(name)s".'),
    "currency": _lt('The currency "%(name)s" is not active.'),
    "pricelist": _lt("There is no price list in %(name)s: add one."),
    "rate": _lt("There is no exchange rate for %(name)s: enter one."),
    "service": _lt('There is no delivery method "%(name)s".'),
    "rounding": _lt("Quantities have at most %(digits)s decimals."),
    "refused": _lt("%(text)s"),
    "failed": _lt("The order could not be entered because of an error on our side; it is in the log."),
    "no_order": _lt('There is no order "%(name)s".'),
    "shipped": _lt("%(order)s is shipped and cannot be cancelled any more: ask for a return."),
    "over": _lt("This day is over."),
    "cursor": _lt("This cursor is not one of ours: begin again without it."),
}


def problem_dict(env, problem):
    """A problem as the answer carries it, in the language of the environment."""
    sentence = env._(SENTENCES[problem.code])
    return {"path": problem.path, "code": problem.code, "message": sentence % problem.figures}
