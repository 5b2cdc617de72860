from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .state_mixin import lock_written

# What people enter; orders and refunds are written by the purchase itself.
BY_HAND = ("top_up", "correction")


class DropshipWallet(models.Model):
    """Money a supplier holds for us before we order: what is there, and from which level on somebody is told.

    It says what may still be ordered; it is no account. A top-up is a payment on account in the books; bills are
    matched with it there.
    """

    _name = "dropship.wallet"
    _description = "Prepaid Balance"
    _inherit = ["dropship.money.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "supplier_id, company_id, currency_id"
    _check_company_auto = True

    supplier_id = fields.Many2one("dropship.supplier", required=True, ondelete="restrict", index=True)
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", store=True, readonly=False, precompute=True, required=True
    )
    balance = fields.Monetary(readonly=True, copy=False, help="The sum of all moves.")
    reserved = fields.Monetary(compute="_compute_reserved", help="For purchases that are not sent yet.")
    alarm = fields.Monetary(
        string="Alarm Below", tracking=True, help="The buyer is told once when the balance falls below. 0: never."
    )
    is_low = fields.Boolean(string="Low", readonly=True, copy=False, index=True)
    user_id = fields.Many2one("res.users", string="Responsible", tracking=True, help="Empty: the supplier's buyer.")
    move_ids = fields.One2many("dropship.wallet.move", "wallet_id", string="Moves", readonly=True)

    _once = models.UniqueIndex(
        "(supplier_id, company_id, currency_id)",
        "There is a prepaid balance of this supplier in this currency already. Use that one.",
    )
    _alarm_positive = models.Constraint("CHECK (alarm >= 0)", "The alarm level cannot be negative.")

    @api.depends("supplier_id")
    def _compute_currency_id(self):
        for wallet in self:
            wallet.currency_id = wallet.currency_id or wallet.supplier_id.currency_id

    @api.depends("supplier_id.name", "currency_id.name")
    def _compute_display_name(self):
        for wallet in self:
            wallet.display_name = f"{wallet.supplier_id.name} · {wallet.currency_id.name}"

    def _compute_reserved(self):
        for wallet in self.sudo():  # a sum of purchases the reader need not see one by one
            wallet.reserved = sum(wallet._reserved_amounts())

    @api.constrains("supplier_id", "company_id")
    def _check_company_of_supplier(self):
        for wallet in self:
            owner = wallet.supplier_id.company_id
            if owner and owner != wallet.company_id:
                raise UserError(
                    self.env._(
                        "%(supplier)s belongs to %(owner)s: its prepaid balance is that company's.",
                        supplier=wallet.supplier_id.name,
                        owner=owner.name,
                    )
                )

    def write(self, vals):
        """Override: what is in it does not change its currency, its owner or its figure by hand."""
        fixed = {"supplier_id", "company_id", "currency_id"} & vals.keys()
        if fixed and self.sudo().move_ids:
            raise UserError(self.env._("There were moves already. Create another prepaid balance instead."))
        if {"balance", "is_low"} & vals.keys() and not self.env.su:
            raise AccessError(self.env._("The balance changes by moves only. Add a correction."))
        result = super().write(vals)
        if "alarm" in vals:
            self.sudo()._watch_level()
        return result

    @api.model
    def _wallet_of(self, supplier, company, currency):
        """The wallet an order in this currency is taken from: of the same currency, else the first one."""
        wallets = self.search([("supplier_id", "=", supplier.id), ("company_id", "=", company.id)], order="id")
        return wallets.filtered(lambda wallet: wallet.currency_id == currency)[:1] or wallets[:1]

    def _in_currency(self, amount, currency):
        """An amount in the wallet's currency, as of today."""
        self.ensure_one()
        return currency._convert(amount, self.currency_id, self.company_id, fields.Date.context_today(self))

    def _lock(self):
        """Who comes second waits, and then does not go on with the old figure: the row is written."""
        lock_written(self, ["balance", "is_low"])
        return self

    def _move(self, kind, amount, key=False, **vals):
        """Write a move, once per key.

        :return: the new move; none when it is known
        """
        self.ensure_one()
        moves = self.env["dropship.wallet.move"]
        if key and moves.search_count([("key", "=", key)], limit=1):
            return moves
        return moves.create({"wallet_id": self.id, "kind": kind, "amount": amount, "key": key, **vals})

    def _watch_level(self):
        """Tell the responsible person once when the balance falls below the level, and take it back when it rises."""
        for wallet in self:
            low = bool(wallet.alarm) and wallet.currency_id.compare_amounts(wallet.balance, wallet.alarm) < 0
            if low == wallet.is_low:
                continue
            wallet.is_low = low
            if not low:
                wallet.activity_unlink(["dropship_flow.activity_wallet_low"])
                continue
            person = wallet.user_id or wallet.supplier_id.user_id or self.env.ref("base.user_root")
            speaking = wallet.with_context(lang=person.lang)
            wallet.activity_schedule(
                "dropship_flow.activity_wallet_low",
                note=speaking.env._(
                    "%(supplier)s holds %(balance)s, less than %(alarm)s: top it up. Orders the balance does not cover "
                    "go to other suppliers.",
                    supplier=wallet.supplier_id.name,
                    balance=wallet.currency_id.format(wallet.balance),
                    alarm=wallet.currency_id.format(wallet.alarm),
                ),
                user_id=person.id,
            )

    def action_top_up(self):
        return self._enter_move("top_up", self.env._("Top Up"))

    def action_correct(self):
        return self._enter_move("correction", self.env._("Correction"))

    def _enter_move(self, kind, name):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "dropship.wallet.move",
            "view_mode": "form",
            "target": "new",
            "context": {"default_wallet_id": self.id, "default_kind": kind},
        }


class DropshipWalletMove(models.Model):
    """What went in or out of a wallet. Moves are added, never changed."""

    _name = "dropship.wallet.move"
    _description = "Move of a Prepaid Balance"
    _order = "id desc"
    _check_company_auto = True

    wallet_id = fields.Many2one("dropship.wallet", required=True, ondelete="restrict", index=True)
    supplier_id = fields.Many2one(related="wallet_id.supplier_id", store=True, index=True)
    company_id = fields.Many2one(related="wallet_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="wallet_id.currency_id")
    kind = fields.Selection(
        [("top_up", "Top-up"), ("order", "Order"), ("refund", "Refund"), ("correction", "Correction")],
        required=True,
        default="top_up",
    )
    amount = fields.Monetary(required=True, help="What comes in; negative: what goes out.")
    balance_after = fields.Monetary(readonly=True)
    purchase_id = fields.Many2one("purchase.order", ondelete="restrict", index="btree_not_null", readonly=True)
    note = fields.Char(help="Number of the transfer, or why it is corrected.")
    key = fields.Char(readonly=True, copy=False, help="The same move is never written twice.")

    _key_uniq = models.UniqueIndex("(key) WHERE key IS NOT NULL", "This move is already written.")
    _moves_something = models.Constraint("CHECK (amount <> 0)", "Enter an amount.")
    _direction = models.Constraint(
        "CHECK ((kind NOT IN ('top_up', 'refund') OR amount > 0) AND (kind <> 'order' OR amount < 0))",
        "A top-up brings money in: enter a positive amount. To take some out, add a correction.",
    )

    @api.depends("kind", "purchase_id", "amount")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for move in self:
            purchase_sudo = move.sudo().purchase_id  # the desk sees balances, not purchases
            move.display_name = f"{kinds.get(move.kind, '')} {purchase_sudo.name or ''}".strip()

    @api.model_create_multi
    def create(self, vals_list):
        """Override: every move stands on the balance before it, whoever writes at the same time."""
        if not self.env.su:
            for vals in vals_list:
                by_machine = vals.get("key") or vals.get("purchase_id") or vals.get("payment_id")
                if vals.get("kind", "top_up") not in BY_HAND or by_machine:
                    raise AccessError(self.env._("Orders and refunds are written by their purchases."))
                if vals.get("kind") == "correction" and not (vals.get("note") or "").strip():
                    raise UserError(self.env._("Say in the note why the balance is corrected."))
        wallets = self.env["dropship.wallet"].browse({vals["wallet_id"] for vals in vals_list})
        wallets.check_access("write")
        wallets_sudo = wallets.sudo()._lock()  # the figure is the system's, not the person's
        for vals in vals_list:
            wallet_sudo = wallets_sudo.browse(vals["wallet_id"])
            vals["amount"] = wallet_sudo.currency_id.round(vals.get("amount") or 0.0)
            wallet_sudo.balance = wallet_sudo.currency_id.round(wallet_sudo.balance + vals["amount"])
            vals["balance_after"] = wallet_sudo.balance
        with self.env["dropship.hold"]._first_come():
            moves = super().create(vals_list)
        wallets_sudo._watch_level()
        if any(move.amount > 0 for move in moves):
            wallets_sudo._wake_waiting()
        return moves

    def write(self, vals):
        """Override: history stays; only its payment is added by the system."""
        booked = self.env.su and vals.keys() == {"payment_id"} and not self.payment_id
        if vals and not booked:
            raise UserError(self.env._("A move of a prepaid balance is not changed. Add a correction."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A move of a prepaid balance is not deleted. Add a correction."))
