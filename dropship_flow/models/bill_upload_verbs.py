from odoo import models
from odoo.exceptions import AccessError, UserError

from .. import bill_files


class DropshipBillUpload(models.Model):
    """The buttons on a bill, and who may press them."""

    _inherit = "dropship.bill.upload"

    def _check_may(self, deciding=False):
        """Buyers and accountants hand in, read again and correct; accountants and managers enter and reject.

        :raise AccessError:
        """
        self.check_access("read")
        user = self.env.user
        groups = ["account.group_account_invoice", "dropship_flow.group_dropship_manager"]
        if not deciding:
            groups.append("dropship_flow.group_dropship_buyer")
        if not self.env.su and not any(user.has_group(group) for group in groups):
            raise AccessError(self.env._("Bills are for buyers and accountants. Ask one of them."))

    def action_read_again(self):
        """Read and match once more: orders, shipments, contacts may have changed."""
        self._check_may()
        for upload_sudo in self.sudo():
            upload_sudo._lock()
            if upload_sudo.move_id and upload_sudo.move_id.state != "cancel":
                raise UserError(self.env._("%s is entered. Cancel that bill first.", upload_sudo.display_name))
            upload_sudo._set_state("received", number_key=False, move_id=False, turn=upload_sudo.turn + 1)
            upload_sudo._read()
        return True

    def action_enter(self):
        """Make the draft bill, also where it differs: the person who presses this has seen it."""
        self._check_may(deciding=True)
        for upload_sudo in self.sudo():
            upload_sudo._enter(force=True)
        return True

    def action_account_checked(self):
        """A person asked the supplier: the account on this bill is right. What we know of him is not changed by it."""
        self._check_may(deciding=True)
        for upload_sudo in self.sudo():
            told = (upload_sudo.told or {}).get("account") or ""
            upload_sudo.account_checked = bill_files.account_key(told)
            upload_sudo.message_post(
                body=self.env._("The account %s was confirmed by telephone.", upload_sudo.account_shown)
            )
        return self.action_read_again()

    def action_reject(self):
        """Ask for the reason, which the supplier reads."""
        self._check_may(deciding=True)
        return self.env["dropship.bill.say"]._ask(self, "reject")

    def _reject(self, reason):
        self._set_state("rejected", reject_reason=reason, number_key=False, turn=self.turn + 1)

    def action_open_bill(self):
        self.ensure_one()
        self.env["account.move"].check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "view_mode": "form",
        }

    def action_open_file(self):
        """Download the file as it came."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/dropship.bill.upload/{self.id}/content/{self.name}?download=true",
            "target": "self",
        }
