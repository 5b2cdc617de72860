from odoo import api, models


class DropshipFirstHourStep(models.Model):
    """The words of each step, and the one screen it opens."""

    _inherit = "dropship.first.hour.step"

    @api.model
    def _step_texts(self):
        """{step code: (title, why, words of the button)} in the reader's language."""
        return {
            "company": (
                self.env._("Company and orders"),
                self.env._(
                    "Country and currency decide taxes and prices; where orders come from decides "
                    "what is needed below."
                ),
                self.env._("Describe the Company"),
            ),
            "sender": (
                self.env._("Sender on labels"),
                self.env._(
                    "Parcels come straight from suppliers: with your name on them customers never "
                    "see whose they are."
                ),
                self.env._("Set the Sender"),
            ),
            "languages": (
                self.env._("Languages"),
                self.env._("Every page and mail is there in English and Chinese; people choose theirs."),
                self.env._("Add a Language"),
            ),
            "supplier": (
                self.env._("First supplier"),
                self.env._(
                    "Six facts are enough to buy: who, what kind, from where, in which money, until "
                    "when, and how."
                ),
                self.env._("Add the Supplier"),
            ),
            "price_list": (
                self.env._("Price list"),
                self.env._(
                    "Drop the supplier's file as it came; columns are recognised and doubtful rows "
                    "are set aside."
                ),
                self.env._("Read a Price List"),
            ),
            "freight": (
                self.env._("Freight"),
                self.env._(
                    "Cheap goods with dear freight lose money: the router counts both. Start from a "
                    "table, correct it."
                ),
                self.env._("Choose a Freight Table"),
            ),
            "products": (
                self.env._("Five products"),
                self.env._(
                    "See what each really costs at the customer's door, take a price with your "
                    "margin, and publish."
                ),
                self.env._("Price and Publish"),
            ),
            "charges": (
                self.env._("Shipping charges"),
                self.env._("What customers pay for shipping, and where you deliver, checked against your freight."),
                self.env._("Set the Charges"),
            ),
            "payment": (
                self.env._("Payment"),
                self.env._("Bank transfer and cash on delivery work at once; others need an account with a provider."),
                self.env._("Choose Payments"),
            ),
            "test_order": (
                self.env._("Test order"),
                self.env._(
                    "See a sale buy itself. No supplier is told, no report counts it, and one button "
                    "removes it."
                ),
                self.env._("Try an Order"),
            ),
            "phone": (
                self.env._("The supplier's view"),
                self.env._(
                    "Scan the code: you are the supplier. Accept, enter a tracking number, and see "
                    "what customers see."
                ),
                self.env._("Show the Code"),
            ),
            "go_live": (
                self.env._("Go live"),
                self.env._(
                    "Set how much may be spent without asking and how much must be earned; dearer "
                    "orders wait for you."
                ),
                self.env._("Set the Limits"),
            ),
        }

    def _dialog(self, model, name, **defaults):
        """Open a small form that begins with the facts of the company."""
        wizard = self.env[model].create({"company_id": self.company_id.id, **defaults})
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def _open_company(self):
        return self._dialog("dropship.first.company", self.title)

    def _open_sender(self):
        return self._dialog("dropship.first.sender", self.title)

    def _open_languages(self):
        return self._dialog("dropship.first.languages", self.title)

    def _open_supplier(self):
        return self._dialog("dropship.first.supplier", self.title)

    def _open_price_list(self):
        warehouses = self.env["dropship.supplier.warehouse"].search(
            [("company_id", "in", [self.company_id.id, False]), ("supplier_id.state", "in", ("trial", "approved"))]
        )
        fresh = warehouses.filtered(lambda warehouse: not warehouse.offer_ids)[:1] or warehouses[:1]
        return {
            "type": "ir.actions.act_window",
            "name": self.title,
            "res_model": "dropship.price.list",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "current",
            "context": {"default_warehouse_id": fresh.id},
        }

    def _open_freight(self):
        return self._dialog("dropship.first.freight", self.title)

    def _open_products(self):
        action = self._dialog("dropship.first.products", self.title)
        self.env["dropship.first.products"].browse(action["res_id"])._fill()
        return {**action, "context": {"dialog_size": "extra-large"}}

    def _open_charges(self):
        return self._dialog("dropship.first.charges", self.title)

    def _open_payment(self):
        return self._dialog("dropship.first.payment", self.title)

    def _open_test_order(self):
        return self._dialog("dropship.test.order", self.title)

    def _open_phone(self):
        return self._dialog("dropship.first.phone", self.title)

    def _open_go_live(self):
        return self._dialog("dropship.first.go.live", self.title)
