"""The sentences of the API for suppliers; the others are the order API's."""

from .reason_text import _lt

SUPPLIER_SENTENCES = {
    "key_unknown": _lt("This key is not known. Send it as Authorization: Bearer <key>, or ask us for a new one."),
    "key_expired": _lt("This key has expired. Ask us for a new one."),
    "key_revoked": _lt("This key was revoked. Ask us for a new one."),
    "key_scope": _lt('This key is not good for "%(name)s", or we do not work together at present. Ask us.'),
    "too_many": _lt("Too many calls. Repeat in %(seconds)s seconds."),
    "failed_here": _lt("An error on our side; it is in our log. Repeat the call later, with the same key."),
    "other_ref": _lt("The address of the call names %(name)s."),
    "no_such_order": _lt('You have no order "%(name)s".'),
    "changed_meanwhile": _lt("The order changed since you read it. Read it again, then answer with a new key."),
    "word": _lt("%(name)s is not one of: %(allowed)s."),
    "moment": _lt("A moment is written like 2026-01-31T08:00:00Z."),
    "limit": _lt("The limit is a number from 1 to %(limit)s."),
    "no_offer": _lt('You offer nothing with the SKU "%(name)s".'),
    "which_warehouse": _lt('Several of your warehouses offer "%(name)s": give the code of the warehouse.'),
    "twice": _lt('"%(name)s" stands in this call already.'),
    "in_future": _lt("These figures are of the future. Check your clock."),
    "other_currency": _lt("We have your price in %(name)s. Tell it in this currency, or ask us to change it."),
    "has_tiers": _lt("This offer has prices by quantity: send us a new price list."),
    "invoice_known": _lt("Invoice %(name)s was sent before, on %(date)s."),
    "sum": _lt("net and tax do not make the total."),
    "no_document": _lt("The document is no Base64 of a file of the type you give."),
}
