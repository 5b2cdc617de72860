"""The shop in which invented lives are lived."""

from odoo import Command
from odoo.addons.dropship_flow.tests.common_payout import PayoutFactories
from odoo.tests import new_test_user

from .business_lives import SHELF, TAXES
from .business_money import CURRENCIES, RATES, rate_days
from .common_profit import ProfitCase


class BusinessWorld(ProfitCase):
    """A shop that sells in four currencies, buys at four suppliers in one each, and has a shelf of its own."""

    payout_file = staticmethod(PayoutFactories.payout_file)
    table_file = staticmethod(PayoutFactories.table_file)
    enter = PayoutFactories.enter

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kits = "mrp.bom" in cls.env
        cls.make_money()
        cls.make_goods()
        cls.make_market()

    @classmethod
    def make_money(cls):
        cls.currencies = {name: cls.currency(name) for name in CURRENCIES}
        for name, told in RATES.items():
            cls.currencies[name].rate_ids.filtered(lambda line: line.company_id == cls.company).unlink()
            cls.env["res.currency.rate"].create(
                [
                    {"currency_id": cls.currencies[name].id, "name": day, "rate": float(one),
                     "company_id": cls.company.id}
                    for day, one in zip(rate_days(), told.split(), strict=True)
                ]
            )  # fmt: skip
        cls.pricelists = {
            name: cls.env["product.pricelist"].create(
                {"name": name, "currency_id": currency.id, "company_id": cls.company.id}
            )
            for name, currency in cls.currencies.items()
        }
        cls.taxes = {}
        for side, account in (("sale", "Output tax"), ("purchase", "Input tax")):
            for percent, inside in TAXES:
                way = "tax_included" if inside else "tax_excluded"
                cls.taxes[side, percent, inside] = (
                    cls.make_vat(float(percent), side, cls.accounts[account], name=f"{percent} {way}",
                                 price_include_override=way)
                    if percent else cls.env["account.tax"]
                )  # fmt: skip
        cls.bank = cls.env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", cls.company.id)])
        cls.rent = cls.make_account("Rent", "630000", "expense")

    @classmethod
    def make_goods(cls):
        cls.category, common = cls.make_category(), {"taxes_id": False, "supplier_taxes_id": False}
        charges = cls.env.ref("dropship_flow.category_supplier_charges").with_company(cls.company)
        charges.property_account_expense_categ_id = cls.accounts["Cost of goods"]
        goods = {"categ_id": cls.category.id, "invoice_policy": "delivery", **common}
        shelf = {**goods, "categ_id": cls.make_category("real_time").id, "is_storable": True}
        cls.sources = []
        for name in CURRENCIES:
            supplier = cls.make_supplier(name, currency_id=cls.currencies[name], answer_mode="manual")
            cls.set_accounts(supplier.partner_id, cls.accounts)
            warehouse = cls.make_warehouse(supplier)
            cls.make_rate(warehouse, 1.0, countries="DE")
            cls.sources.append((supplier, warehouse))
        cls.products, cls.offers_of = {}, {}
        stock = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1)
        for place, worth in enumerate(SHELF):
            cls.products["goods", place] = cls.offered(f"Goods {place}", goods)
            own = cls.make_product(f"Shelf {place}", **shelf)
            own.standard_price = float(worth)
            cls.make_offer(cls.sources[0][1], own, 99999.0)  # so dear that nobody takes it
            cls.env["stock.quant"]._update_available_quantity(own, stock.lot_stock_id, 1e6)
            cls.products["own", place] = own
            if cls.kits:
                cls.products["kit", place] = cls.make_kit(place, goods)
        cls.policy.write({"own_stock": True, "own_warehouse_ids": [Command.set(stock.ids)]})
        for name in ("shipping", "coupon"):
            cls.products[name] = cls.env["product.product"].create(
                {"name": name, "type": "service", "invoice_policy": "order", "categ_id": cls.category.id, **common}
            )

    @classmethod
    def offered(cls, name, vals):
        """Goods every supplier has."""
        product = cls.make_product(name, **vals)
        for number, (_supplier, warehouse) in enumerate(cls.sources):
            cls.offers_of[product, number] = cls.make_offer(warehouse, product, 1.0, stock=1e6)
        return product

    @classmethod
    def make_kit(cls, place, vals):
        """One piece of the first part, two of the second."""
        kit = cls.make_product(f"Kit {place}", **vals)
        parts = [cls.offered(f"Part {number} of kit {place}", vals) for number in (1, 2)]
        lines = [Command.create({"product_id": part.id, "product_qty": number}) for number, part in enumerate(parts, 1)]
        cls.env["mrp.bom"].create(
            {"product_tmpl_id": kit.product_tmpl_id.id, "type": "phantom", "product_qty": 1.0, "bom_line_ids": lines}
        )
        return kit

    @classmethod
    def make_market(cls):
        cls.company.transfer_account_id = cls.make_account("On the way", "110000", "asset_current", reconcile=True)
        cls.env["dropship.order.layout"]._load_payout_presets()
        cls.layout = cls.env.ref("dropship_flow.order_layout_other_payout")
        cls.market = cls.env["dropship.sales.channel"].create(
            {"name": "Market", "kind": "file", "platform": "other", "company_id": cls.company.id}
        )
        cls.terms = cls.env["dropship.payout.terms"]._terms_of(cls.market, cls.env["payment.provider"], cls.company)
        cls.bookkeeper = new_test_user(
            cls.env, "bookkeeper",
            groups="account.group_account_invoice,dropship_flow.group_dropship_user,"
                   "sales_team.group_sale_salesman_all_leads",
            company_id=cls.company.id, company_ids=[Command.set(cls.company.ids)],
        )  # fmt: skip
