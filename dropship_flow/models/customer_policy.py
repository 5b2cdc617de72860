from odoo import fields, models

DEFAULTS = [
    ("wait", "Wait for the goods"),
    ("refund", "Refund the line"),
    ("cancel", "Cancel the order"),
    ("nothing", "A person decides"),
]


class DropshipRoutingPolicy(models.Model):
    """Whether customers are asked when no source is left, what they may choose, and what counts without an answer."""

    _inherit = "dropship.routing.policy"

    ask_customer = fields.Selection(
        [("never", "Never"), ("hand", "When we press the button"), ("auto", "By itself")],
        string="Ask the Customer",
        default="hand",
        required=True,
        tracking=True,
        help="When nobody can deliver: one link, on which the customer waits, takes something else or his money back.",
    )
    ask_hours = fields.Integer(
        string="Answer Within (hours)", default=48, help="He is reminded at half time. Then the default counts."
    )
    ask_default = fields.Selection(DEFAULTS, string="Without an Answer", default="nothing", required=True)
    ask_offer_wait = fields.Boolean(string="Offer to Wait", default=True)
    ask_wait_days = fields.Integer(
        string="Wait (days)", default=14, help="Then the customer is asked once more, without this option."
    )
    ask_offer_substitute = fields.Boolean(
        string="Offer a Substitute",
        default=True,
        help="Alternative products that somebody can deliver now and that cost no more.",
    )
    ask_offer_refund = fields.Boolean(string="Offer a Refund of the Line", default=True)
    ask_offer_cancel = fields.Boolean(string="Offer to Cancel", default=True)

    _ask_numbers = models.Constraint(
        "CHECK (ask_hours BETWEEN 1 AND 2160 AND ask_wait_days BETWEEN 1 AND 365)",
        "A customer has between 1 hour and 90 days to answer, and waits between 1 and 365 days.",
    )

    def _offers(self):
        """Which options customers may be offered at all: a set of their names."""
        self.ensure_one()
        return {option for option in ("wait", "substitute", "refund", "cancel") if self[f"ask_offer_{option}"]}
