"""A house in Hangzhou with books, a customer and a supplier: what invoices of the tax bureau are made from."""

import base64

from odoo import Command, fields

from .common_flow import FlowFactories

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
TAX_NUMBER = "91350200776049653A"
OTHER_NUMBER = "91440101MA5CJQ4N59"


class FapiaoFactories(FlowFactories):
    """Mixin for test classes."""

    @classmethod
    def make_china(cls):
        """Company, books, tax of 13 % in the sales price, a customer, a supplier with a lamp and a cup."""
        cls.company = cls.euro_company("杭州拾光", "CN")
        cls.company.currency_id = cls.cny = cls.currency("CNY")
        cls.env["product.pricelist"].search([("company_id", "in", [False, cls.company.id])]).currency_id = cls.cny
        cls.tax.write({"name": "13 %", "amount": 13.0})
        cls.open_books(cls.company)
        cls.li = cls.make_partner("李雷", "CN", is_company=False, city="杭州", zip="310012", email="li@example.com")
        cls.channel = cls.env["dropship.sales.channel"].create({"name": "Shop", "company_id": cls.company.id})
        taxes = [Command.set(cls.tax.ids)]
        cls.lamp = cls.make_product("灯", list_price=113.0, weight=0.5, taxes_id=taxes)
        cls.cup = cls.make_product("杯", list_price=56.5, weight=0.2, taxes_id=taxes)
        cls.supplier = cls.make_supplier("Yiwu", "CN")
        cls.supplier.currency_id = cls.cny
        cls.warehouse = cls.make_warehouse(cls.supplier, "CN")
        cls.make_rate(cls.warehouse, 6.0, countries="CN")
        cls.offer = cls.make_offer(cls.warehouse, cls.lamp, 50.0, currency_id=cls.cny.id)
        cls.make_tax_rule("CN", "CN", "domestic")
        cls.policy = cls.make_policy("buy")

    @classmethod
    def open_books(cls, company):
        """Accounts and journals enough for invoices, bills and payments."""
        kinds = {
            "income": "400000", "expense": "600000", "asset_receivable": "120000", "liability_payable": "220000",
            "asset_cash": "100000", "asset_current": "110000",
        }  # fmt: skip
        cls.accounts = {kind: cls.make_account(kind, code, kind, company) for kind, code in kinds.items()}
        cls.accounts["asset_current"].reconcile = True
        journals = (("sale", "SAL", "income"), ("purchase", "BILL", "expense"), ("bank", "BNK", "asset_cash"))
        cls.journals = {
            kind: cls.make_journal(code, code, kind, cls.accounts[account], company) for kind, code, account in journals
        }
        cls.journals["bank"].outbound_payment_method_line_ids.payment_account_id = cls.accounts["asset_current"]

    @classmethod
    def keep_books(cls, partner):
        partner.with_company(cls.company).write(
            {
                "property_account_receivable_id": cls.accounts["asset_receivable"].id,
                "property_account_payable_id": cls.accounts["liability_payable"].id,
            }
        )
        return partner

    # --- sold ---

    @classmethod
    def wants(cls, order, kind="ordinary", **said):
        """The customer says which fapiao he wants."""
        order._dropship_fapiao_ask({"kind": kind, "who": "company" if said.get("tax_number") else "person", **said})
        return order

    @classmethod
    def special(cls, name="阿里云计算有限公司", number=TAX_NUMBER):
        """What a company says for a special fapiao."""
        return {
            "kind": "special", "who": "company", "name": name, "tax_number": number, "address": "西湖区 1 号",
            "phone": "0571-88886666", "bank": "工商银行", "account": "6222020200112233445",
            "email": "books@example.com",
        }  # fmt: skip

    @classmethod
    def sold(cls, *lines, wish=None, partner=None):
        """A posted invoice of an order, with the wish of the customer."""
        cls.keep_books(partner or cls.li)
        pairs = [line if isinstance(line, tuple) else (line, 1.0) for line in lines or (cls.lamp,)]
        # The price list of the house is in yuan, what products cost by themselves is not.
        priced = [(product, quantity, product.list_price) for product, quantity in pairs]
        order = cls.make_sale(*priced, partner=partner or cls.li)
        if wish:
            order._dropship_fapiao_ask(wish)
        order.action_confirm()
        for line in order.order_line:
            line.qty_delivered_method = "manual"
            line.qty_delivered = line.product_uom_qty
        return cls.invoice_of(order)

    @classmethod
    def invoice_of(cls, order):
        order.order_line.filtered("product_id").product_id.invoice_policy = "order"
        invoice = order._create_invoices()
        invoice.action_post()
        return invoice

    @classmethod
    def credit(cls, invoice, quantity=None):
        """A posted credit note of an invoice: of everything, or of some units of its first line."""
        credit = invoice._reverse_moves([{"invoice_date": fields.Date.today()}])
        if quantity is not None:
            first, *others = credit.invoice_line_ids
            credit.write({"invoice_line_ids": [Command.update(first.id, {"quantity": quantity})]
                          + [Command.delete(line.id) for line in others]})  # fmt: skip
        credit.action_post()
        return credit

    def issue(self, fapiao, number):
        fapiao.number = number
        fapiao.action_issue()
        return fapiao

    # --- bought ---

    @classmethod
    def terms(cls, **vals):
        """The order terms of the supplier for the company."""
        cls.supplier.term_ids = [Command.clear(), Command.create({"company_id": cls.company.id, **vals})]
        return cls.supplier.term_ids

    @classmethod
    def bill(cls, amount=100.0, days=0, kind="in_invoice", supplier=None, company=None, **vals):
        """A posted bill for freight, without tax."""
        supplier, company = supplier or cls.supplier, company or cls.company
        move = (
            cls.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": kind,
                    "company_id": company.id,
                    "partner_id": cls.keep_books(supplier.partner_id).id,
                    "journal_id": cls.journals["purchase"].id,
                    "currency_id": company.currency_id.id,
                    "invoice_date": fields.Date.subtract(fields.Date.today(), days=days),
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": "Freight",
                                "price_unit": amount,
                                "tax_ids": False,
                                "account_id": cls.accounts["expense"].id,
                                "dropship_charge": "freight",
                            }
                        )
                    ],
                    **vals,
                }
            )
        )
        move.action_post()
        return move

    @classmethod
    def received(cls, amount=100.0, number="25332000000012345678", **vals):
        return cls.env["dropship.fapiao.received"].create(
            {
                "number": number,
                "supplier_id": cls.supplier.id,
                "company_id": cls.company.id,
                "currency_id": cls.company.currency_id.id,
                "amount_untaxed": amount,
                "file": base64.b64encode(PDF),
                "file_name": "fapiao.pdf",
                **vals,
            }
        )

    def owed(self, supplier=None, until=None):
        """[(what is owed, days since)] of the supplier."""
        rows = (supplier or self.supplier)._fapiao_owed(self.company, until=until)
        return [(row.amount, (fields.Date.today() - row.since).days) for row in rows]
