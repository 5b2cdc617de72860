"""What can be wrong with a supplier's bill, in words. The supplier reads some of them in other words than we do."""

from ..routing.reasons import Figures
from .file_text import FILE_REFUSALS
from .reason_text import FLOW_REASONS, _lt, reason_text

BILL_REASONS = {
    # the whole file
    **{f"handed_{code}": sentence for code, sentence in FILE_REFUSALS.items()},
    "handed_xml_unsafe": _lt(
        "The XML file declares things of its own (entities). Nobody's bill needs that: send it without."
    ),
    "handed_xml_broken": _lt("The XML file is broken at line %(line)s. Export it again."),
    "handed_no_bill": _lt("This XML file is no UBL invoice or credit note (%(name)s)."),
    "handed_no_headings": _lt(
        "No row of the file says what its columns are. Use our template, or headings like Order, SKU, Quantity, Price."
    ),
    "handed_too_many_lines": _lt("The bill has more than %(limit)s lines. Split it."),
    "handed_cell_error": _lt("Row %(place)s: an error of the spreadsheet (%(text)s)."),
    "handed_cell_rounded": _lt("Row %(place)s: %(text)s was rounded by a spreadsheet. Write it as text."),
    "handed_cell_formula": _lt("Row %(place)s: a formula without a value. Save the file with values."),
    "handed_not_a_number": _lt('Row %(place)s: "%(text)s" is no number.'),
    "handed_date_wrong": _lt('"%(text)s" is no date. Write 2026-12-24.'),
    "handed_date_doubtful": _lt('"%(text)s": day or month first? Write 2026-12-24.'),
    # the bill by itself
    "handed_no_number": _lt("The bill has no number."),
    "handed_no_date": _lt("The bill has no date."),
    "handed_future": _lt("The bill is of a day to come, %(date)s."),
    "handed_due_before": _lt("It is due on %(due)s, before its own date %(date)s."),
    "handed_currency_unknown": _lt("The currency %(name)s is not one we work with."),
    "handed_two_currencies": _lt("The bill has amounts in several currencies: %(names)s."),
    "handed_several_numbers": _lt("The file holds several bills: %(names)s. Send one file for each."),
    "handed_no_lines": _lt("The bill has no lines."),
    "handed_no_total": _lt("Say the total of the bill."),
    "handed_no_orders": _lt("Say which orders the bill is for."),
    "handed_no_amount": _lt("Row %(place)s: %(name)s has no amount."),
    "handed_negative": _lt("Row %(place)s: %(sku)s is below 0. What is given back belongs on a credit note."),
    "handed_negative_total": _lt("The total is below 0. What is given back belongs on a credit note."),
    "handed_zero_quantity": _lt("Row %(place)s: an amount for 0 pieces of %(sku)s."),
    "handed_sum_line": _lt("Row %(place)s: quantity times price is %(found)s, the bill says %(told)s."),
    "handed_sum_net": _lt("The lines come to %(found)s, the bill says %(told)s."),
    "handed_sum_tax": _lt("The taxes of the lines come to %(found)s, the bill says %(told)s."),
    "handed_sum_gross": _lt("Net and tax come to %(found)s, the bill says %(told)s."),
    # whose it is
    "handed_number_known": _lt("Bill %(number)s is there already, of %(date)s."),
    "handed_currency_other": _lt("The bill is in %(told)s, the orders are in %(wanted)s."),
    "handed_account_changed": _lt(
        "The bill wants to be paid to another account (%(told)s) than the one we know (%(known)s). Call the supplier "
        "at the number you know before anything is paid; the known account stays as it is."
    ),
    "handed_tax_id": _lt("The bill is of tax number %(told)s, the supplier's is %(known)s."),
    "handed_buyer": _lt("The bill is addressed to tax number %(told)s, ours is %(known)s."),
    # its lines and the orders
    "handed_order_needed": _lt("The line does not say which order it is for."),
    "handed_order_unknown": _lt("There is no order %(ref)s of this supplier."),
    "handed_order_foreign": _lt("Order %(ref)s is of another supplier or another company."),
    "handed_line_unknown": _lt("The order has no %(sku)s."),
    "handed_line_several": _lt("Several lines of the order may be meant by %(sku)s."),
    "handed_no_quantity": _lt("How many %(sku)s? The line has no quantity."),
    "handed_not_shipped": _lt("%(qty)s of %(sku)s billed, %(shipped)s shipped so far: it waits for the shipment."),
    "handed_twice": _lt("%(sku)s is billed already, %(before)s of it."),
    "handed_too_many": _lt("%(qty)s of %(sku)s billed, %(ordered)s ordered."),
    "handed_credit_more": _lt("%(qty)s of %(sku)s credited, only %(before)s billed."),
    "handed_price": _lt("%(sku)s at %(told)s, agreed was %(agreed)s."),
    "handed_freight": _lt("Freight of %(order)s: %(told)s billed, %(expected)s expected."),
    "handed_fee": _lt("Fees of %(order)s: %(told)s billed, %(expected)s expected."),
    "handed_charge": _lt("%(name)s of %(told)s was not agreed."),
    "handed_total": _lt("The bill comes to %(told)s, by our orders and taxes it is %(found)s."),
    "handed_nothing_open": _lt("Nothing of these orders is shipped and not billed."),
    "handed_not_entered": _lt("It could not be entered: %(text)s"),
}
FLOW_REASONS.update(BILL_REASONS)
# The supplier is told nothing of others, and nothing that helps who is not the supplier.
FOR_SUPPLIER = {
    "handed_order_foreign": _lt("We know no order %(ref)s of yours."),
    "handed_order_unknown": _lt("We know no order %(ref)s of yours."),
    "handed_account_changed": _lt(
        "The bank account on it is not the one we know. We ask you by telephone before we pay."
    ),
    "handed_tax_id": _lt("The tax number on it is not yours as we know it. Please ask us."),
    "handed_buyer": _lt("It is not addressed to us: the tax number on it is not ours."),
    "handed_not_entered": _lt("We look at it."),
}


def bill_reasons(problems):
    """Problems of `bill_files` as a field keeps them: [[code, {figures}], …]."""
    return [[f"handed_{code}", {**params, "place": place or "–"}] for code, params, place in problems]


def supplier_reason(env, code, params):
    """One reason in words for the supplier."""
    if code in FOR_SUPPLIER:
        sentence = env._(FOR_SUPPLIER[code])
        return sentence % Figures(params)
    return reason_text(env, code, params)
