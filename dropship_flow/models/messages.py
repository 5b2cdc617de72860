"""The customer's own words on an order, and the house's."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from .reason_text import FLOW_REASONS, _lt

# Longer texts are refused: nobody reads them, and no supplier's label holds them.
TEXT_LIMIT = 2000

FLAGS = [
    ("red", "Red"),
    ("yellow", "Yellow"),
    ("green", "Green"),
    ("blue", "Blue"),
    ("purple", "Purple"),
]

# What travels to the supplier, beside the personalisation of each line. The staff memo is never among it.
ORDER_TEXTS = ("dropship_buyer_message", "dropship_gift_note", "dropship_carrier_wish")
# What decides whether the buyer's message travels.
SHARING = ("dropship_message_shared",)

FLOW_REASONS.update(
    {
        "message_changed": _lt(
            "The customer's texts changed after %(purchase)s was sent to %(supplier)s: "
            "tell the supplier, or leave it as it was sent."
        )
    }
)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # In groups for staff only: pages show the customer his own words through a named sudo.
    dropship_buyer_message = fields.Text(
        string="Buyer's Message", copy=False, groups="base.group_user", help="What the customer wrote with the order."
    )
    dropship_message_read = fields.Boolean(
        string="Message Read", copy=False, groups="base.group_user", help="Somebody of the order desk read it."
    )
    dropship_message_shared = fields.Boolean(
        string="Pass On to the Supplier",
        copy=False,
        groups="base.group_user",
        help="The supplier reads the buyer's message on the purchase.",
    )
    dropship_gift_note = fields.Text(
        string="Gift Note", copy=False, groups="base.group_user", help="Printed and packed by the supplier."
    )
    dropship_carrier_wish = fields.Text(
        string="Carrier Wish", copy=False, groups="base.group_user", help="How the customer wants it delivered."
    )
    dropship_memo = fields.Text(
        string="Staff Memo", copy=False, groups="base.group_user", help="For colleagues; it never leaves the house."
    )
    dropship_flag = fields.Selection(FLAGS, string="Flag", copy=False, groups="base.group_user")
    dropship_message_unread = fields.Boolean(
        string="Unread Message",
        compute="_compute_dropship_message_unread",
        search="_search_dropship_message_unread",
        groups="base.group_user",
    )

    dropship_personalisations = fields.Text(
        string="Personalised", compute="_compute_dropship_personalisations", groups="base.group_user"
    )

    _dropship_unread_idx = models.Index(
        "(company_id) WHERE dropship_buyer_message IS NOT NULL AND dropship_message_read IS NOT TRUE"
    )

    @api.depends("dropship_buyer_message", "dropship_message_read")
    def _compute_dropship_message_unread(self):
        for order in self:
            order.dropship_message_unread = bool(order.dropship_buyer_message) and not order.dropship_message_read

    @api.depends("order_line.dropship_personalisation", "order_line.product_id")
    def _compute_dropship_personalisations(self):
        for order in self:
            order.dropship_personalisations = "\n".join(
                f"{line.product_id.display_name}: {line.dropship_personalisation}"
                for line in order.order_line
                if line.dropship_personalisation
            )

    @api.model
    def _search_dropship_message_unread(self, operator, value):
        """Both conditions are on fields of the order: the reader's rights are asked as for any other search."""
        if operator != "in" or set(value) - {True, False}:
            return NotImplemented
        unread = [("dropship_buyer_message", "!=", False), ("dropship_message_read", "=", False)]
        read = ["|", ("dropship_buyer_message", "=", False), ("dropship_message_read", "=", True)]
        wanted = set(value)
        if wanted == {True, False}:
            return []
        return unread if wanted == {True} else read

    @api.constrains(*ORDER_TEXTS, "dropship_memo")
    def _check_dropship_texts(self):
        for name in (*ORDER_TEXTS, "dropship_memo"):
            for order in self:
                check_length(order, name)

    def write(self, vals):
        """Override: a new message is unread again; a supplier who has the purchase already is a question to answer."""
        told = [name for name in (*ORDER_TEXTS, *SHARING) if name in vals]
        if not told:
            return super().write(vals)
        if "dropship_buyer_message" in vals and "dropship_message_read" not in vals:
            new = vals["dropship_buyer_message"] or False
            changed = self.filtered(lambda order: (order.sudo().dropship_buyer_message or False) != new)
            result = super(SaleOrder, self - changed).write(vals)
            result = super(SaleOrder, changed).write({**vals, "dropship_message_read": False}) and result
        else:
            result = super().write(vals)
        self._dropship_texts_changed()
        return result

    def _dropship_texts_changed(self):
        """Compare what suppliers were told with what the sales say now, and ask the buyer where they differ."""
        # Salesmen and the shop change texts; purchases are not theirs to read.
        self.sudo().dropship_purchase_ids._dropship_ask_about_texts()

    def action_dropship_message_read(self):
        """The desk read the message; it stays in the house."""
        return self._dropship_message_done({"dropship_message_read": True})

    def action_dropship_message_share(self):
        """The desk read the message, and the supplier shall read it too."""
        return self._dropship_message_done({"dropship_message_read": True, "dropship_message_shared": True})

    def _dropship_message_done(self, vals):
        self.check_access("write")
        if not self.env.user.has_group("dropship_flow.group_dropship_user"):
            raise AccessError(self.env._("Reading customers' messages needs the right Dropshipping / User."))
        self.filtered("dropship_buyer_message").write(vals)
        return True

    def _dropship_message_passed(self):
        """The buyer's message as the supplier may read it: passed on by the desk, or by the policy."""
        self.ensure_one()
        passed = self.dropship_message_shared or self.dropship_decision_id.policy_id.pass_unread_message
        return passed and self.dropship_buyer_message

    def _dropship_asks_texts(self):
        """Whether the cart shows its box for texts open: something is written, or a product is made to order."""
        self.ensure_one()
        order_sudo = self.sudo()  # the visitor's own cart
        made_to_order = order_sudo.order_line.product_id.filtered("dropship_personalise")
        return bool(made_to_order or order_sudo._dropship_texts_of_customer())

    def _dropship_texts_of_customer(self):
        """[(code, text)] of the customer's own words, for his pages."""
        self.ensure_one()
        order_sudo = self.sudo()  # staff fields; these three were written by the customer himself
        texts = [
            ("buyer_message", order_sudo.dropship_buyer_message),
            ("gift_note", order_sudo.dropship_gift_note),
            ("carrier_wish", order_sudo.dropship_carrier_wish),
        ]
        return [(code, text) for code, text in texts if text]


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    dropship_personalisation = fields.Text(
        string="Personalisation",
        copy=False,
        groups="base.group_user",
        help="Name, engraving, print text …: made by the supplier.",
    )

    @api.constrains("dropship_personalisation")
    def _check_dropship_personalisation(self):
        for line in self:
            check_length(line, "dropship_personalisation")

    def write(self, vals):
        """Override: a personalisation changed after the purchase was sent is a question to answer."""
        result = super().write(vals)
        if "dropship_personalisation" in vals:
            self.order_id._dropship_texts_changed()
        return result


class ProductTemplate(models.Model):
    _inherit = "product.template"

    dropship_personalise = fields.Boolean(
        string="Customers Personalise It",
        groups="base.group_user",
        help="The cart asks for a name, an engraving or another text for this product.",
    )


class DropshipRoutingPolicy(models.Model):
    _inherit = "dropship.routing.policy"

    pass_unread_message = fields.Boolean(
        string="Pass On Unread Messages",
        help="The supplier reads the buyer's message even when nobody of the order desk has read it yet.",
    )


def check_length(record, name):
    """Refuse a text that is too long, saying by how much."""
    text = record[name] or ""
    if len(text) > TEXT_LIMIT:
        raise ValidationError(
            record.env._(
                "%(field)s has %(count)s characters, %(limit)s are allowed: shorten it.",
                field=record._fields[name]._description_string(record.env),
                count=len(text),
                limit=TEXT_LIMIT,
            )
        )
