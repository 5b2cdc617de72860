"""The hero's basket, bought, with a portal login for its customer and its vendor, and words neither may read."""

from contextlib import suppress

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from .common_flow import FlowFactories
from .common_supply import UNINVITED


class PortalWorld(FlowFactories):
    """Mixin for test classes. `of_vendors` and `of_sale` are words that only leak; nothing else contains them."""

    of_vendors = ("Vendorsecret", "vendorsecret", "SKUSECRET", "OFFERSECRET", "POSECRET", "Vendorgasse", "7770001")
    of_sale = ("SALESECRET", "annasecret", "DE811907980", "CLIENTREF", "Vendorsecret Dawn", "Vendorsecret Yiwu")

    @classmethod
    def make_portal_world(cls):
        cls.make_hero()
        cls.make_policy("buy")
        for name, supplier in cls.suppliers.items():
            supplier.partner_id.write(
                {
                    "name": f"Vendorsecret {name}",
                    "email": f"{name}@vendorsecret.example",
                    "phone": "+49 203 7770001",
                    "street": "Vendorgasse 7",
                }
            )
        for (name, product), offer in cls.offers.items():
            offer.write({"sku": f"SKUSECRET-{name}-{product.id}", "name": f"OFFERSECRET {name}"})
        cls.env["ir.sequence"].search([("code", "=", "purchase.order")]).prefix = "POSECRET"
        (cls.lamp | cls.stand | cls.cable).product_tmpl_id.is_published = True
        cls.vendor = cls.suppliers["Rhein"].partner_id
        cls.customer_user = cls.make_portal_user("portal-customer", cls.anna, email="annasecret@example.com")
        cls.vendor_user = cls.make_portal_user("portal-vendor", cls.vendor)
        cls.other_vendor_user = cls.make_portal_user("portal-dawn", cls.suppliers["Dawn"].partner_id)
        cls.anna.write({"phone": "+49 30 5550001", "vat": "DE811907980"})
        cls.order = cls.hero(name="SALESECRET-1", client_order_ref="CLIENTREF-1")
        cls.order.message_subscribe(cls.anna.ids)
        cls.order.action_confirm()
        cls.purchase = cls.order.dropship_purchase_ids
        cls.purchase.message_subscribe(cls.vendor.ids)
        cls.picking = cls.purchase.picking_ids
        cls.order._dropship_note(f"Bought from Vendorsecret Rhein as {cls.purchase.name}")
        cls.purchase.message_post(body="Bought for SALESECRET-1", subtype_xmlid="mail.mt_note")
        for document in (cls.order, cls.purchase):
            document.message_post(body="Thank you", message_type="comment", subtype_xmlid="mail.mt_comment")
        cls.env.flush_all()

    @classmethod
    def make_portal_user(cls, login, partner, **vals):
        values = {"partner_id": partner.id, "name": partner.name, "email": partner.email, **vals}
        company = {"company_id": cls.company.id, "company_ids": [Command.set(cls.company.ids)]}
        return new_test_user(
            cls.env, login, groups="base.group_portal", context=UNINVITED, password=login, **values, **company
        )

    def as_user(self, user, **context):
        """An environment of the user as a request of his own has it: nothing cached for somebody else."""
        self.env.invalidate_all()
        return self.env(user=user, context={"allowed_company_ids": user.company_id.ids, **context})

    def assertSilent(self, answer, words, message=""):
        """No word that leaks in what somebody got."""
        text = answer if isinstance(answer, str) else repr(answer)
        found = [word for word in words if word in text]
        self.assertFalse(found, f"{message}: {[text[max(text.find(word) - 60, 0) :][:160] for word in found]}")

    def readable_models(self, env):
        """The stored models the user may read at all, with their records."""
        for name in sorted(env.registry):
            model = env[name].with_context(active_test=False)
            if not model._abstract and not model._transient and model._auto and model.has_access("read"):
                yield model.search([], limit=500)

    def sweep(self, user, words, types=(), **context):
        """Read every field of every record of every model that the user may read; fail for each word that leaks.

        :param types: only fields of these types
        """
        env = self.as_user(user, **context)
        swept = set()
        for records in self.readable_models(env):
            for name, info in records.fields_get(attributes=["type"]).items() if records else ():
                if info["type"] == "binary" or (types and name != "display_name" and info["type"] not in types):
                    continue
                with suppress(AccessError):
                    for values in records.read([name]):
                        self.assertSilent(values[name], words, f"{user.login} reads {records._name}.{name}")
                    swept.add(records._name)
        return swept
