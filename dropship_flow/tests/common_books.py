"""Books a bookkeeper can read: a small chart of accounts, and entries as tables of account | debit | credit."""

from odoo import Command, fields

from .common_shipment import ShipmentCase

CHART = {
    "Bank": ("100000", "asset_cash"),
    "Payments on the way": ("101000", "asset_current"),
    "Customers": ("120000", "asset_receivable"),
    "Input tax": ("130000", "asset_current"),
    "Stock": ("140000", "asset_current"),
    "Suppliers": ("210000", "liability_payable"),
    "Output tax": ("220000", "liability_current"),
    "Sales": ("400000", "income"),
    "Rate gain": ("440000", "income_other"),
    "Cost of goods": ("500000", "expense"),
    "Stock variation": ("510000", "expense"),
    "Price difference": ("520000", "expense"),
    "Rate loss": ("540000", "expense"),
}


class BooksCase(ShipmentCase):
    """The hero world with books, and a chair: bought from Rhein at 40.00, worth 55.00 on its card, sold at 119.00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accounts = cls.open_books(cls.company)
        cls.set_accounts(cls.anna, cls.accounts)
        for supplier in cls.suppliers.values():
            cls.set_accounts(supplier.partner_id, cls.accounts)
        cls.vat_in = cls.make_vat(19.0, "purchase", cls.accounts["Input tax"])
        cls.vat_out = cls.make_vat(19.0, "sale", cls.accounts["Output tax"], price_include_override="tax_included")

    @classmethod
    def open_books(cls, company):
        """Accounts, journals and defaults of a company; {name: account}."""
        accounts = {name: cls.make_account(name, code, kind, company) for name, (code, kind) in CHART.items()}
        accounts["Payments on the way"].reconcile = True
        accounts["Stock"].account_stock_variation_id = accounts["Stock variation"]
        journals = {}
        for name, code, kind, account in (
            ("Sales", "SAL", "sale", "Sales"),
            ("Purchases", "BIL", "purchase", "Cost of goods"),
            ("Bank", "BNK", "bank", "Bank"),
            ("Rates", "EXC", "general", None),
            ("Stock", "STK", "general", None),
        ):
            journals[kind, name] = cls.make_journal(name, code, kind, account and accounts[account], company)
        journals["bank", "Bank"].outbound_payment_method_line_ids.payment_account_id = accounts["Payments on the way"]
        journals["bank", "Bank"].inbound_payment_method_line_ids.payment_account_id = accounts["Payments on the way"]
        company.write(
            {
                "currency_exchange_journal_id": journals["general", "Rates"].id,
                "income_currency_exchange_account_id": accounts["Rate gain"].id,
                "expense_currency_exchange_account_id": accounts["Rate loss"].id,
                "account_stock_journal_id": journals["general", "Stock"].id,
                "account_stock_valuation_id": accounts["Stock"].id,
                "expense_account_id": accounts["Cost of goods"].id,
                "income_account_id": accounts["Sales"].id,
                "anglo_saxon_accounting": True,
            }
        )
        return accounts

    @classmethod
    def set_accounts(cls, partner, accounts):
        partner.property_account_payable_id = accounts["Suppliers"]
        partner.property_account_receivable_id = accounts["Customers"]

    @classmethod
    def make_category(cls, valuation="periodic", method="standard", **vals):
        """A category of goods, with its accounts for every way of valuing them."""
        return cls.env["product.category"].create(
            {
                "name": f"{valuation} {method}",
                "property_valuation": valuation,
                "property_cost_method": method,
                "property_account_expense_categ_id": cls.accounts["Cost of goods"].id,
                "property_account_income_categ_id": cls.accounts["Sales"].id,
                "property_stock_valuation_account_id": cls.accounts["Stock"].id,
                "property_stock_journal": cls.company.account_stock_journal_id.id,
                "property_price_difference_account_id": cls.accounts["Price difference"].id,
                **vals,
            }
        )

    @classmethod
    def make_chair(cls, valuation="periodic", method="standard", storable=True, **vals):
        values = {
            "list_price": 119.0,
            "is_storable": storable,
            "categ_id": cls.make_category(valuation, method).id,
            "taxes_id": [Command.set(cls.vat_out.ids)],
            "supplier_taxes_id": [Command.set(cls.vat_in.ids)],
        }
        chair = cls.make_product("Chair", **{**values, **vals})
        chair.standard_price = 55.0
        cls.make_offer(cls.warehouses["Rhein"], chair, 40.0)
        return chair

    # -- verbs -----------------------------------------------------------------------------------------------------

    def sell(self, product, qty=1.0, **vals):
        """A confirmed sale whose purchase at Rhein is accepted."""
        return self.buy((product, qty), accept=True, **vals)

    def dispatch(self, purchase, qty=None, number=None):
        """The supplier's notice: the goods left. Without `qty`: all that is open."""
        boxes = self.env["dropship.shipment.line"].search_count([("purchase_line_id.order_id", "=", purchase.id)])
        number = number or f"RHN{purchase.id:08d}{boxes}"
        goods = [(purchase.order_line[:1], qty)] if qty else [(line, line.product_qty) for line in purchase.order_line]
        self.told(purchase, number, *goods)

    def bill(self, purchase, qty=1.0, price=None, post=True, date=None, currency=None):
        """The supplier's bill about `qty` of each line of the purchase."""
        lines = [
            Command.create(
                {
                    "product_id": line.product_id.id,
                    "purchase_line_id": line.id,
                    "quantity": qty,
                    "price_unit": line.price_unit if price is None else price,
                    "tax_ids": [Command.set(line.tax_ids.ids)],
                }
            )
            for line in purchase.order_line
        ]
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": purchase.partner_id.id,
                "currency_id": (currency or purchase.currency_id).id,
                "invoice_date": date or fields.Date.today(),
                "ref": f"R-{purchase.id}-{len(purchase.invoice_ids)}",
                "invoice_line_ids": lines,
            }
        )
        if post:
            bill.action_post()
        return bill

    def invoice(self, order, at_once=False):
        """The customer's invoice about what left, or (`at_once`) about everything ordered."""
        if at_once:
            order._force_lines_to_invoice_policy_order()
        invoice = order._create_invoices(final=True)
        invoice.action_post()
        return invoice

    def credit(self, move, **vals):
        """The credit note of a whole invoice or bill, posted."""
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"journal_id": move.journal_id.id, **vals})
        )
        note = self.env["account.move"].browse(wizard.refund_moves()["res_id"])
        if note.state == "draft":
            note.action_post()
        return note

    def send_back(self, purchase, qty=1.0, to="supplier"):
        """What the customer returns: to the supplier, or into our own stock."""
        picking = purchase.picking_ids.filtered(
            lambda picking: picking.state == "done" and not picking.move_ids.origin_returned_move_id
        )[:1]
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({"picking_id": picking.id})
        )
        wizard.product_return_moves.quantity = qty
        back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        if to == "us":
            stock = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1)
            way = {"location_id": back.move_ids.location_id.id, "location_dest_id": stock.lot_stock_id.id}
            back.picking_type_id = stock.in_type_id
            back.write(way)
            back.move_ids.write(way)
            back.move_ids.quantity = qty
            back.move_ids.move_line_ids.write(way)
        back.move_ids.picked = True
        back._action_done()
        return back

    # -- reading ---------------------------------------------------------------------------------------------------

    def table(self, moves):
        """Entries as a bookkeeper writes them: account | debit | credit, in the order of the chart.

        One line per account and side, in the company's currency; sums of zero are left out.
        """
        lines = moves.line_ids.grouped(lambda line: line.account_id.name)
        rows = []
        for name in CHART:
            for side in ("debit", "credit"):
                amount = round(sum(lines[name].mapped(side)), 2) if name in lines else 0.0
                if amount:
                    rows.append(f"{name} | {amount:.2f} |" if side == "debit" else f"{name} | | {amount:.2f}")
        return rows

    def assertBooked(self, moves, table):
        """The entries are exactly those of the table (spaces do not count)."""
        self.assertEqual(self.table(moves), self._rows(table))

    def assertBalances(self, since, table):
        """What the accounts changed by since `since` (see `balances`): account | balance, debit positive."""
        now = self.balances()
        changed = {name: round(now.get(name, 0.0) - since.get(name, 0.0), 2) for name in CHART}
        self.assertEqual([f"{name} | {amount:.2f}" for name, amount in changed.items() if amount], self._rows(table))

    @staticmethod
    def _rows(table):
        return [" ".join(line.split()) for line in table.strip().splitlines()]

    def balances(self):
        """{account: balance} of everything posted in the company, zero left out."""
        groups = self.env["account.move.line"]._read_group(
            [("company_id", "=", self.company.id), ("parent_state", "=", "posted")], ["account_id"], ["balance:sum"]
        )
        return {account.name: round(amount, 2) for account, amount in groups if round(amount, 2)}
