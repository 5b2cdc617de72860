"""Bills as suppliers write them, and everything that can be wrong with one."""

import io
import zipfile

import xlsxwriter

NS = (
    'xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2" '
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)


def ubl(
    lines, number="RE-1", date="2026-05-04", currency="EUR", order="", charges=(), net=None, tax="0.00", gross=None,
    account="", root="Invoice", head="", extra="", vat="DE811907980", due="2026-06-03",
):  # fmt: skip
    """A bill of UBL 2.1; lines are (sku, quantity, price, amount) with an order reference as the fifth."""
    quantity = {"Invoice": "InvoicedQuantity", "CreditNote": "CreditedQuantity"}[root]
    parts = []
    for place, (sku, qty, price, amount, *ref) in enumerate(lines, 1):
        of = (
            f"<cac:OrderLineReference><cbc:LineID>0</cbc:LineID><cac:OrderReference><cbc:ID>{ref[0]}</cbc:ID>"
            "</cac:OrderReference></cac:OrderLineReference>" if ref else ""
        )  # fmt: skip
        parts.append(
            f'<cac:{root}Line><cbc:ID>{place}</cbc:ID><cbc:{quantity} unitCode="C62">{qty}</cbc:{quantity}>'
            f'<cbc:LineExtensionAmount currencyID="{currency}">{amount}</cbc:LineExtensionAmount>{of}'
            f"<cac:Item><cbc:Name>Goods {sku}</cbc:Name><cac:SellersItemIdentification><cbc:ID>{sku}</cbc:ID>"
            "</cac:SellersItemIdentification></cac:Item>"
            f'<cac:Price><cbc:PriceAmount currencyID="{currency}">{price}</cbc:PriceAmount></cac:Price>'
            f"</cac:{root}Line>"
        )
    for amount, reason, charge in charges:
        parts.append(
            f"<cac:AllowanceCharge><cbc:ChargeIndicator>{'true' if charge else 'false'}</cbc:ChargeIndicator>"
            f"<cbc:AllowanceChargeReason>{reason}</cbc:AllowanceChargeReason>"
            f'<cbc:Amount currencyID="{currency}">{amount}</cbc:Amount></cac:AllowanceCharge>'
        )
    if net is None:
        net = sum(float(line[3]) for line in lines) + sum(float(row[0]) * (1 if row[2] else -1) for row in charges)
    gross = net + float(tax) if gross is None else gross
    bank = (
        "<cac:PaymentMeans><cbc:PaymentMeansCode>58</cbc:PaymentMeansCode><cac:PayeeFinancialAccount>"
        f"<cbc:ID>{account}</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>" if account else ""
    )  # fmt: skip
    ref = f"<cac:OrderReference><cbc:ID>{order}</cbc:ID></cac:OrderReference>" if order else ""
    party = (
        f"<cac:AccountingSupplierParty><cac:Party><cac:PartyTaxScheme><cbc:CompanyID>{vat}</cbc:CompanyID>"
        "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme></cac:Party>"
        "</cac:AccountingSupplierParty>" if vat else ""
    )  # fmt: skip
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<{root} {NS.format(root=root)}><cbc:ID>{number}</cbc:ID>'
        f"<cbc:IssueDate>{date}</cbc:IssueDate><cbc:DueDate>{due}</cbc:DueDate>"
        f"<cbc:DocumentCurrencyCode>{currency}</cbc:DocumentCurrencyCode>{ref}{party}{bank}"
        f'<cac:TaxTotal><cbc:TaxAmount currencyID="{currency}">{tax}</cbc:TaxAmount></cac:TaxTotal>'
        f'<cac:LegalMonetaryTotal><cbc:TaxExclusiveAmount currencyID="{currency}">{net:.2f}</cbc:TaxExclusiveAmount>'
        f'<cbc:TaxInclusiveAmount currencyID="{currency}">{gross:.2f}</cbc:TaxInclusiveAmount>'
        f"</cac:LegalMonetaryTotal>{''.join(parts)}{extra}</{root}>"
    )
    return text.encode()


def book(rows, formulas=()):
    """A workbook of one sheet; `formulas` are (row, column, text) without a value."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False}) as workbook:
        sheet = workbook.add_worksheet()
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None:
                    (sheet.write_number if isinstance(value, (int, float)) else sheet.write_string)(
                        number, column, value
                    )
        for number, column, text in formulas:
            sheet.write_formula(number, column, text, None, "")
    return stream.getvalue()


def bomb():
    """A workbook that unpacks to more than anybody's bill."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (200 * 1024 * 1024))
    return stream.getvalue()


ENTITIES = '<!DOCTYPE Invoice [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
