"""What can be wrong with a supplier's bill, in words. The supplier reads some of them in other words than we do."""

from ..routing.reasons import Figures
from .file_text import FILE_REFUSALS
from .reason_text import FLOW_REASONS, _lt, reason_text

BILL_REASONS = {
    # the whole file
    **{f"bill_{code}": sentence for code, sentence in FILE_REFUSALS.items()},
    "bill_xml_unsafe": _lt(
        "The XML file declares things of its own (entities). Nobody's bill needs that: send it without."
    ),
    "bill_xml_broken": _lt("The XML file is broken at line %(line)s. Export it again."),
    "bill_no_bill": _lt("This XML file is no UBL invoice or credit note (%(name)s)."),
    "bill_no_headings": _lt(
        "No row of the file says what its columns are. Use our template, or headings like Order, SKU, Quantity, Price."
    ),
    "bill_too_many_lines": _lt("The bill has more than %(limit)s lines. Split it."),
    "bill_cell_error": _lt("Row %(place)s: an error of the spreadsheet (%(text)s)."),
    "bill_cell_rounded": _lt("Row %(place)s: %(text)s was rounded by a spreadsheet. Write it as text."),
    "bill_cell_formula": _lt("Row %(place)s: a formula without a value. Save the file with values."),
    "bill_not_a_number": _lt('Row %(place)s: "%(text)s" is no number.'),
    "bill_date_wrong": _lt('"%(text)s" is no date. Write 2026-12-24.'),
    "bill_date_doubtful": _lt('"%(text)s": day or month first? Write 2026-12-24.'),
    # the bill by itself
    "bill_no_number": _lt("The bill has no number."),
    "bill_no_date": _lt("The bill has no date."),
    "bill_future": _lt("The bill is of a day to come, %(date)s."),
    "bill_due_before": _lt("It is due on %(due)s, before its own date %(date)s."),
    "bill_currency_unknown": _lt("The currency %(name)s is not one we work with."),
    "bill_two_currencies": _lt("The bill has amounts in several currencies: %(names)s."),
    "bill_several_numbers": _lt("The file holds several bills: %(names)s. Send one file for each."),
    "bill_no_lines": _lt("The bill has no lines."),
    "bill_no_total": _lt("Say the total of the bill."),
    "bill_no_orders": _lt("Say which orders the bill is for."),
    "bill_no_amount": _lt("Row %(place)s: %(name)s has no amount."),
    "bill_negative": _lt("Row %(place)s: %(sku)s is below 0. What is given back belongs on a credit note."),
    "bill_negative_total": _lt("The total is below 0. What is given back belongs on a credit note."),
    "bill_zero_quantity": _lt("Row %(place)s: an amount for 0 pieces of %(sku)s."),
    "bill_sum_line": _lt("Row %(place)s: quantity times price is %(found)s, the bill says %(told)s."),
    "bill_sum_net": _lt("The lines come to %(found)s, the bill says %(told)s."),
    "bill_sum_tax": _lt("The taxes of the lines come to %(found)s, the bill says %(told)s."),
    "bill_sum_gross": _lt("Net and tax come to %(found)s, the bill says %(told)s."),
    # whose it is
    "bill_number_known": _lt("Bill %(number)s is there already, of %(date)s."),
    "bill_currency_other": _lt("The bill is in %(told)s, the orders are in %(wanted)s."),
    "bill_account_changed": _lt(
        "The bill wants to be paid to another account (%(told)s) than the one we know (%(known)s). Call the supplier "
        "at the number you know before anything is paid; the known account stays as it is."
    ),
    "bill_tax_id": _lt("The bill is of tax number %(told)s, the supplier's is %(known)s."),
    "bill_buyer": _lt("The bill is addressed to tax number %(told)s, ours is %(known)s."),
    # its lines and the orders
    "bill_order_needed": _lt("The line does not say which order it is for."),
    "bill_order_unknown": _lt("There is no order %(ref)s of this supplier."),
    "bill_order_foreign": _lt("Order %(ref)s is of another supplier or another company."),
    "bill_line_unknown": _lt("The order has no %(sku)s."),
    "bill_line_several": _lt("Several lines of the order may be meant by %(sku)s."),
    "bill_no_quantity": _lt("How many %(sku)s? The line has no quantity."),
    "bill_not_shipped": _lt("%(qty)s of %(sku)s billed, %(shipped)s shipped so far: it waits for the shipment."),
    "bill_twice": _lt("%(sku)s is billed already, %(before)s of it."),
    "bill_too_many": _lt("%(qty)s of %(sku)s billed, %(ordered)s ordered."),
    "bill_credit_more": _lt("%(qty)s of %(sku)s credited, only %(before)s billed."),
    "bill_price": _lt("%(sku)s at %(told)s, agreed was %(agreed)s."),
    "bill_freight": _lt("Freight of %(order)s: %(told)s billed, %(expected)s expected."),
    "bill_fee": _lt("Fees of %(order)s: %(told)s billed, %(expected)s expected."),
    "bill_charge": _lt("%(name)s of %(told)s was not agreed."),
    "bill_total": _lt("The bill comes to %(told)s, by our orders and taxes it is %(found)s."),
    "bill_nothing_open": _lt("Nothing of these orders is shipped and not billed."),
    "bill_not_entered": _lt("It could not be entered: %(text)s"),
}
FLOW_REASONS.update(BILL_REASONS)
# The supplier is told nothing of others, and nothing that helps who is not the supplier.
FOR_SUPPLIER = {
    "bill_order_foreign": _lt("We know no order %(ref)s of yours."),
    "bill_order_unknown": _lt("We know no order %(ref)s of yours."),
    "bill_account_changed": _lt(
        "The bank account on it is not the one we know. We ask you by telephone before we pay."
    ),
    "bill_tax_id": _lt("The tax number on it is not yours as we know it. Please ask us."),
    "bill_buyer": _lt("It is not addressed to us: the tax number on it is not ours."),
    "bill_not_entered": _lt("We look at it."),
}


def bill_reasons(problems):
    """Problems of `bill_files` as a field keeps them: [[code, {figures}], …]."""
    return [[f"bill_{code}", {**params, "place": place or "–"}] for code, params, place in problems]


def supplier_reason(env, code, params):
    """One reason in words for the supplier."""
    if code in FOR_SUPPLIER:
        sentence = env._(FOR_SUPPLIER[code])
        return sentence % Figures(params)
    return reason_text(env, code, params)
