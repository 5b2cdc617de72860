"""What an agent does with the buttons of a case."""

from odoo import models
from odoo.exceptions import UserError


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    # ------------------------------------------------------------------
    # Words
    # ------------------------------------------------------------------

    def _wished(self):
        """The one outcome all lines wish, else the one their reasons propose; empty where they differ."""
        self.ensure_one()
        wishes = {line.wanted or line.reason_id.outcome for line in self.line_ids}
        return wishes.pop() if len(wishes) == 1 else False

    def action_offer(self):
        """Say what the customer may have, and wait for his answer."""
        return self._ask_offer("offer")

    def action_accept(self):
        """Give what was asked for: it binds at once."""
        return self._ask_offer("accept")

    def _ask_offer(self, mode):
        self.ensure_one()
        self._agent_sudo()
        return self.env["dropship.return.propose"]._open(self, mode)

    def action_refuse(self):
        """Refuse with words for the customer."""
        self.ensure_one()
        self._agent_sudo()
        return self.env["dropship.return.refuse"]._open(self)

    def action_take(self):
        """Accept the customer's offer."""
        for case_sudo in self._agent_sudo():
            event = case_sudo.offer_id
            refused = case_sudo._quote(event._offer_of(event.offer)).get("refused") if event else None
            if refused:
                raise UserError("\n".join(refused))
            case_sudo._record("take", "agent", about=case_sudo.offer_id)
        return True

    def action_decline(self):
        """Decline the customer's offer; what else is possible is said with an offer of ours."""
        for case_sudo in self._agent_sudo():
            case_sudo._record("decline", "agent", about=case_sudo.offer_id)
        return True

    def action_cancel(self):
        """The customer does not want anything any more."""
        for case_sudo in self._agent_sudo():
            case_sudo._record("cancel", "agent")
        return True

    def action_close(self):
        for case_sudo in self._agent_sudo():
            case_sudo._record("close", "agent")
        return True

    # ------------------------------------------------------------------
    # Supplier and goods
    # ------------------------------------------------------------------

    def action_ask_again(self):
        """Ask the supplier once more whether the goods may come back."""
        for case_sudo in self._agent_sudo():
            if case_sudo.approval != "waiting":
                raise UserError(self.env._("%s does not wait for a supplier.", case_sudo.name))
            case_sudo._ask_supplier_again()
        return True

    def _ask_supplier_again(self):
        """Ask whoever has not answered as he was asked first; whom no connection reaches, a person asks."""
        self.ensure_one()
        silent = self.side_ids.filtered(lambda side: side.state == "asked")
        reached = silent.filtered("supplier_id.connection_id")
        reached._ask_again()
        for supplier in (silent - reached).supplier_id or (not silent and self.supplier_id) or ():
            self._call(
                self.user_id or self.env.user,
                self.env._("Ask %(supplier)s about %(case)s", supplier=supplier.name, case=self.name),
            )

    def action_redirect(self):
        """The supplier does not take the goods: they come to us."""
        for case_sudo in self._agent_sudo():
            case_sudo._record("redirect", "agent")
        return True

    def action_not_coming(self):
        """Nobody expects the goods any more."""
        for case_sudo in self._agent_sudo():
            case_sudo._record("not_coming", "agent")
        return True

    def action_resolve(self):
        """Carry out what was agreed before its time, e.g. give the money back before the goods are here."""
        for case_sudo in self._agent_sudo():
            for bound in case_sudo._fold().unresolved:
                known = case_sudo.resolution_ids.filtered(lambda row, key=bound.key: row.event_id.id == key)
                (known or case_sudo._resolution_of(bound))._carry_out()
        return True

    def action_retry(self):
        """Try again to carry out what could not be."""
        for case_sudo in self._agent_sudo():
            case_sudo.resolution_ids.filtered(lambda resolution: resolution.state == "person")._carry_out()
        return True

    # ------------------------------------------------------------------
    # Who works on it, and many at once
    # ------------------------------------------------------------------

    def action_assign_to_me(self):
        self._agent_sudo().user_id = self.env.user
        return True

    def action_decide(self):
        """One answer for all selected cases."""
        self._agent_sudo()
        return self.env["dropship.return.decide"]._open(self, self.env.context.get("dropship_verb", "accept"))
