"""Books that take suppliers' bills, an order that left, and bills as suppliers write them."""

from odoo import fields

NS = (
    'xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2" '
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)


class BillFactories:
    """On top of FlowFactories or PortalWorld."""

    @classmethod
    def open_purchase_books(cls):
        """One account of costs, one of what we owe, one journal for bills, one tax of 19 % on purchases."""
        cls.costs = cls.make_account("Goods", "540000", "expense")
        owed = cls.make_account("Suppliers", "330000", "liability_payable")
        cls.bill_journal = cls.make_journal("Bills", "BIL", "purchase", cls.costs)
        for supplier in cls.suppliers.values():
            supplier.partner_id.with_company(cls.company).property_account_payable_id = owed
        vat = cls.make_account("Input tax", "140000", "asset_current")
        cls.input_tax = cls.make_vat(19.0, "purchase", vat, name="19 % input", price_include_override="tax_excluded")

    @classmethod
    def ship_all(cls, purchase, number="DHL00012345", share=1.0):
        """It leaves, all of it or a part of each line."""
        lines = [
            {"line": str(line.id), "sku": "", "qty": line.product_qty * share}
            for line in purchase.order_line
            if line.product_qty
        ]
        purchase._dropship_take_parcels([{"number": number, "carrier": "DHL", "lines": [] if share == 1.0 else lines}])

    @classmethod
    def rows_of(cls, purchase, **changes):
        """(sku, quantity, price, amount) of each line as ordered; `changes` {sku: (quantity, price)}."""
        rows = []
        for row in cls.env["dropship.bill.upload"].new({})._bought(purchase):
            qty, price = changes.get(row.sku, (row.ordered, row.price))
            rows.append((row.sku, float(qty), float(price), round(float(qty) * float(price), 2)))
        return rows

    @classmethod
    def ubl(cls, purchase, number="RE-1", rows=None, charges=(), account="", root="Invoice", currency="EUR", tax=None,
            date=None, vat="", ref=None):  # fmt: skip
        """A UBL bill over the lines of a purchase; charges are (amount, reason)."""
        rows = cls.rows_of(purchase) if rows is None else rows
        quantity = "InvoicedQuantity" if root == "Invoice" else "CreditedQuantity"
        parts = [
            f"<cac:{root}Line><cbc:ID>{place}</cbc:ID><cbc:{quantity}>{qty:g}</cbc:{quantity}>"
            f"<cbc:LineExtensionAmount>{amount:.2f}</cbc:LineExtensionAmount><cac:Item><cbc:Name>{sku}</cbc:Name>"
            f"<cac:SellersItemIdentification><cbc:ID>{sku}</cbc:ID></cac:SellersItemIdentification></cac:Item>"
            f"<cac:Price><cbc:PriceAmount>{price:.4f}</cbc:PriceAmount></cac:Price></cac:{root}Line>"
            for place, (sku, qty, price, amount) in enumerate(rows, 1)
        ]
        parts += [
            "<cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator>"
            f"<cbc:AllowanceChargeReason>{reason}</cbc:AllowanceChargeReason><cbc:Amount>{amount:.2f}</cbc:Amount>"
            "</cac:AllowanceCharge>"
            for amount, reason in charges
        ]
        net = round(sum(row[3] for row in rows) + sum(amount for amount, _reason in charges), 2)
        rate = sum(purchase.order_line.filtered("product_qty")[:1].tax_ids.mapped("amount"))
        tax = round(net * rate / 100, 2) if tax is None else tax
        bank = (
            f"<cac:PaymentMeans><cac:PayeeFinancialAccount><cbc:ID>{account}</cbc:ID></cac:PayeeFinancialAccount>"
            "</cac:PaymentMeans>"
        )
        party = (
            f"<cac:AccountingSupplierParty><cac:Party><cac:PartyTaxScheme><cbc:CompanyID>{vat}</cbc:CompanyID>"
            "</cac:PartyTaxScheme></cac:Party></cac:AccountingSupplierParty>"
        )
        text = (
            f'<?xml version="1.0" encoding="UTF-8"?><{root} {NS.format(root=root)}><cbc:ID>{number}</cbc:ID>'
            f"<cbc:IssueDate>{date or fields.Date.today()}</cbc:IssueDate>"
            f"<cbc:DocumentCurrencyCode>{currency}</cbc:DocumentCurrencyCode>"
            f"<cac:OrderReference><cbc:ID>{purchase.name if ref is None else ref}</cbc:ID></cac:OrderReference>"
            f"{party if vat else ''}{bank if account else ''}"
            f"<cac:TaxTotal><cbc:TaxAmount>{tax:.2f}</cbc:TaxAmount></cac:TaxTotal><cac:LegalMonetaryTotal>"
            f"<cbc:TaxExclusiveAmount>{net:.2f}</cbc:TaxExclusiveAmount>"
            f"<cbc:TaxInclusiveAmount>{net + tax:.2f}</cbc:TaxInclusiveAmount></cac:LegalMonetaryTotal>"
            f"{''.join(parts)}</{root}>"
        )
        return text.encode()

    def hand_in(self, content, supplier=None, name="bill.xml", company=None, source="office", **typed):
        uploads = self.env["dropship.bill.upload"]
        supplier = supplier or self.suppliers["Rhein"]
        upload, _new = uploads._receive(supplier, company or self.company, name, content, typed, source)
        self.env.flush_all()
        return upload

    def codes(self, upload):
        """Every reason against a bill, those of its lines after those of the whole."""
        found = [code for code, _params in upload.reasons or []]
        return found + [code for line in upload.line_ids for code, _params in line.reasons or []]
