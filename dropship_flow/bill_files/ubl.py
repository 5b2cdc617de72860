"""Invoices and credit notes of UBL 2.1 (also as Peppol BIS Billing 3.0 and XRechnung use it)."""

from datetime import date
from decimal import Decimal, InvalidOperation

from .model import CREDIT, INVOICE, MAX_LINES, Bill, BillError, Line
from .safe_xml import below, named, parse, text
from .words import charge_of

ROOTS = {
    "Invoice": (INVOICE, "InvoiceLine", "InvoicedQuantity"),
    "CreditNote": (CREDIT, "CreditNoteLine", "CreditedQuantity"),
}
# What an invoice may say it is and still take money back: corrected invoices with negative sums are not credit notes.
CREDIT_TYPES = ("381", "396", "261")
# UNTDID 7161: why a charge is made.
REASONS = {"FC": "freight", "SAA": "freight", "DL": "freight", "ABL": "fee", "PC": "fee", "HD": "fee", "ADR": "other"}


def read(content):
    """
    :raise BillError: for what is no UBL bill
    """
    root = parse(content)
    if named(root) not in ROOTS:
        raise BillError("no_bill", name=named(root)[:40])
    kind, line_name, quantity_name = ROOTS[named(root)]
    bill = Bill(kind=kind)
    if text(root, f"{named(root)}TypeCode") in CREDIT_TYPES or text(root, "InvoiceTypeCode") in CREDIT_TYPES:
        bill.kind = CREDIT
    _head(bill, root)
    lines = below(root, line_name)
    if len(lines) > MAX_LINES:
        raise BillError("too_many_lines", limit=MAX_LINES)
    for element in lines:
        _line(bill, element, quantity_name)
    for element in below(root, "AllowanceCharge"):
        _charge(bill, element, "", "")
    _totals(bill, root)
    _currencies(bill, root)
    return bill


def _head(bill, root):
    bill.number = text(root, "ID")[:64]
    bill.date = _day(bill, root, "IssueDate")
    bill.due = _day(bill, root, "DueDate") or _day(bill, root, "PaymentMeans/PaymentDueDate")
    bill.currency = text(root, "DocumentCurrencyCode").upper()[:10]
    bill.supplier_tax = _tax_id(root, "AccountingSupplierParty/Party")
    bill.buyer_tax = _tax_id(root, "AccountingCustomerParty/Party")
    bill.account = text(root, "PaymentMeans/PayeeFinancialAccount/ID")[:64]
    bill.credited = text(root, "BillingReference/InvoiceDocumentReference/ID")[:64]
    refs = [text(root, "OrderReference/ID"), text(root, "OrderReference/SalesOrderID"), text(root, "BuyerReference")]
    bill.refs = list(dict.fromkeys(ref[:64] for ref in refs if ref and ref.upper() != "NA"))


def _tax_id(root, path):
    for party in below(root, path):
        for scheme in below(party, "PartyTaxScheme"):
            if text(scheme, "TaxScheme/ID").upper() in ("VAT", "GST", ""):
                return text(scheme, "CompanyID")[:32]
    return ""


def _day(bill, root, path):
    shown = text(root, path)
    if not shown:
        return None
    try:
        return date.fromisoformat(shown[:10])
    except ValueError:
        bill.wrong("date_wrong", text=shown[:40])
        return None


def _number(bill, element, path, place=""):
    shown = text(element, path)
    if not shown:
        return None
    try:
        number = Decimal(shown)
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite() or abs(number) > Decimal("1e12"):
        bill.wrong("not_a_number", place, text=shown[:40])
        return None
    return number


def _line(bill, element, quantity_name):
    place = text(element, "ID")[:20] or str(len(bill.goods) + 1)
    line = Line(
        place,
        ref=(text(element, "OrderLineReference/OrderReference/ID") or text(element, "DocumentReference/ID"))[:64],
        key=text(element, "OrderLineReference/LineID")[:40],
        sku=(text(element, "Item/SellersItemIdentification/ID") or text(element, "Item/StandardItemIdentification/ID"))[
            :200
        ],
        name=text(element, "Item/Name"),
    )
    for quantity in below(element, quantity_name)[:1]:
        line.unit = (quantity.get("unitCode") or "")[:10]
    line.qty = _number(bill, element, quantity_name, place)
    line.amount = _number(bill, element, "LineExtensionAmount", place)
    line.rate = _number(bill, element, "Item/ClassifiedTaxCategory/Percent", place)
    price, base = (
        _number(bill, element, "Price/PriceAmount", place),
        _number(bill, element, "Price/BaseQuantity", place),
    )
    line.price = price / base if price is not None and base else price
    if price is not None and line.amount is not None and line.qty and below(element, "AllowanceCharge"):
        # What is allowed or charged on a line is part of its amount, and so of what a unit costs.
        line.price = line.amount / line.qty
    line.charge = "" if line.sku or line.key else charge_of(line.name, only=True)
    bill.lines.append(line)


def _charge(bill, element, ref, place):
    amount = _number(bill, element, "Amount", place)
    if not amount:
        return
    name = text(element, "AllowanceChargeReason")
    if text(element, "ChargeIndicator").lower() in ("true", "1"):
        kind = REASONS.get(text(element, "AllowanceChargeReasonCode").upper()) or charge_of(name) or "other"
    else:
        kind, amount = "allowance", -amount
    rate = _number(bill, element, "TaxCategory/Percent", place)
    bill.lines.append(Line(place, ref=ref, name=name, charge=kind, rate=rate, amount=amount))


def _totals(bill, root):
    bill.tax = None
    for element in below(root, "TaxTotal"):
        found = _number(bill, element, "TaxAmount")
        currency = below(element, "TaxAmount")[0].get("currencyID", "") if found is not None else ""
        if found is not None and (not currency or not bill.currency or currency == bill.currency):
            bill.tax = (bill.tax or Decimal(0)) + found
    bill.net = _number(bill, root, "LegalMonetaryTotal/TaxExclusiveAmount")
    bill.gross = _number(bill, root, "LegalMonetaryTotal/TaxInclusiveAmount")
    if bill.gross is None:
        bill.gross = _number(bill, root, "LegalMonetaryTotal/PayableAmount")


def _currencies(bill, root):
    """Amounts are in the document's currency; only the sum of the tax may be told in another one as well."""
    allowed = {bill.currency, text(root, "TaxCurrencyCode").upper(), ""}
    found = {(element.get("currencyID") or "").upper() for element in root.iter() if isinstance(element.tag, str)}
    if found - allowed:
        bill.wrong("two_currencies", names=", ".join(sorted((found | {bill.currency}) - {""}))[:60])
