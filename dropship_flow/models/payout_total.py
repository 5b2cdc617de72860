"""Whether a payout adds up, and what a person says when the bank shows another sum."""

from odoo import models
from odoo.exceptions import UserError


class DropshipPayout(models.Model):
    _inherit = "dropship.payout"

    def _settle(self):
        """Figures and state of payouts that are not posted, by their rows."""
        self.env.flush_all()
        groups = self.env["dropship.payout.line"]._read_group(
            [("payout_id", "in", self.ids)], ["payout_id", "state", "kind"], ["amount:sum", "__count"]
        )
        figures = {payout: {"sum": 0.0, "moved": None, "open": 0, "rows": 0} for payout in self}
        for payout, state, kind, amount, count in groups:
            mine = figures[payout]
            mine["rows"] += count
            mine["open"] += count if state == "unknown" else 0
            if state == "known":
                continue
            if kind == "transfer":
                mine["moved"] = (mine["moved"] or 0.0) - amount
            else:
                mine["sum"] += amount
        for payout, mine in figures.items():
            payout._settle_one(mine)

    def _settle_one(self, mine):
        account, currency = self.layout_id.payout_account, self.currency_id
        moved, total = mine["moved"], currency.round(mine["sum"])
        if account:
            transferred = moved or 0.0
        elif moved is not None:
            transferred = moved
        else:
            transferred = self.told_total if self.is_told else total
        difference = 0.0 if account else currency.round(total - transferred)
        reasons = self._total_reasons(account, total, moved, difference)
        hard = bool(reasons)
        if not account and moved is None and not self.is_told:
            reasons = [["payout_untold", {}]]
        if mine["open"]:
            reasons = [*reasons, ["payout_rows_open", {"count": mine["open"]}]]
        self.write(
            {
                "row_total": total, "transferred": currency.round(transferred), "difference": difference,
                "row_count": mine["rows"], "open_count": mine["open"], "reasons": reasons or False,
            }
        )  # fmt: skip
        if self.state in ("read", "matched", "differs"):
            self._set_state("differs" if hard or mine["open"] else "matched")

    def _total_reasons(self, account, total, moved, difference):
        """Why the payout does not add up; it is held then."""
        self.ensure_one()
        currency, reasons = self.currency_id, []
        if account:
            return [problem for problem in self.file_problems or () if problem[0] == "payout_balance"]
        if moved is not None and self.is_told and currency.compare_amounts(moved, self.told_total):
            figures = {"told": currency.format(self.told_total), "found": currency.format(moved)}
            reasons.append(["payout_transfer", figures])
        if not currency.is_zero(difference):
            told = currency.format(moved if moved is not None else self.told_total)
            reasons.append(["payout_total", {"told": told, "found": currency.format(total)}])
        return reasons

    def _adds_up(self):
        self.ensure_one()
        return not any(
            code in ("payout_total", "payout_transfer", "payout_balance") for code, _params in self.reasons or ()
        )

    def action_told(self):
        """Enter what the bank shows."""
        self.ensure_one()
        self._mine()
        wizard = self.env["dropship.payout.told"].create({"payout_id": self.id, "amount": self.transferred})
        return {
            "type": "ir.actions.act_window", "name": self.env._("The Bank Shows"), "res_model": wizard._name,
            "res_id": wizard.id, "view_mode": "form", "target": "new",
        }  # fmt: skip

    def _take_told(self, amount, difference, kind, fee_kind, why):
        """What the bank shows counts from now on.

        :param difference: what a row of `kind` adds to the rows, so that they come to it
        """
        self.ensure_one()
        moved = self.line_ids.filtered(lambda line: line.kind == "transfer")
        if moved and self.currency_id.compare_amounts(-sum(moved.mapped("amount")), amount):
            raise UserError(
                self.env._("The file says itself that %s was transferred.", self.currency_id.format(self.transferred))
            )
        if difference:
            line = self.env["dropship.payout.line"].create(
                {
                    "payout_id": self.id, "terms_id": self.terms_id.id, "company_id": self.company_id.id,
                    "channel_id": self.channel_id.id, "currency_id": self.currency_id.id, "date": self.date,
                    "kind": kind, "fee_kind": fee_kind if kind == "fee" else False, "amount": difference,
                    "said": why, "by_hand": True,
                }
            )  # fmt: skip
            self.message_post(body=self.env._("%(amount)s added by hand: %(why)s",
                                              amount=self.currency_id.format(line.amount), why=why))  # fmt: skip
        self.write({"told_total": amount, "is_told": True})
        self._match(only_open=True)
