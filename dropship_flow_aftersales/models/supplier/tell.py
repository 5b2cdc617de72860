"""When suppliers hear of a case: as soon as something is agreed that sends goods to them, once for each change."""

from odoo import api, fields, models
from odoo.addons.dropship_flow.models.exchange import UNFINISHED

from ..case.locked import locked
from .words import TELL

# What somebody decided without the supplier; his side follows.
DECIDED = {"given": "approved", "refused": "refused"}


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    def _after_event(self, event, before, after):
        """Override: suppliers hear of what concerns them, in the transaction that decided it."""
        result = super()._after_event(event, before, after)
        self._tell_suppliers(after)
        return result

    def _after_time(self, before_stage, after):
        """Override: the same where silence decided."""
        result = super()._after_time(before_stage, after)
        self._tell_suppliers(after)
        return result

    def _tell_suppliers(self, folded):
        """Bring what suppliers were told in line with the case. Nothing is said twice."""
        self.ensure_one()
        case_sudo = self.sudo()  # whoever decides a case need not read suppliers' messages
        concerned = case_sudo._concerned(folded)
        for supplier in concerned - case_sudo.side_ids.supplier_id:
            with case_sudo.env["dropship.allocation"]._first_come():
                case_sudo.env["dropship.return.side"].create(
                    {"return_id": case_sudo.id, "supplier_id": supplier.id, "approval": case_sudo.needs_approval}
                )
        for side in case_sudo.side_ids:
            if side.supplier_id in concerned:
                side._tell(folded)
            elif side.revision and side.state not in ("off", "counted"):
                side._call_off()

    def _concerned(self, folded):
        """The suppliers to whom goods are to come back."""
        lines = self.line_ids.filtered(lambda line: folded.line(line.id).back)
        agreed = folded.acceptance == "accepted" and folded.to == "supplier" and not folded.not_coming
        return lines.supplier_id if agreed else self.env["dropship.supplier"]


class DropshipReturnSide(models.Model):
    _inherit = "dropship.return.side"

    def _tell(self, folded):
        """Tell him, where it is new to him; and of parcels that are on their way."""
        self.ensure_one()
        if folded.approval in DECIDED and self._can_move(DECIDED[folded.approval]):
            self._set_state(DECIDED[folded.approval])
        if self.state == "counted":
            return
        content = self._content(folded)
        if self._words(content) != self._words(self.content or {}):
            locked(self)
            self._send_content(content)
            self._set_state("asked" if self.approval and folded.approval == "waiting" else self._still())
        self._tell_parcels(folded)

    def _send_content(self, content):
        """Tell him this, as something he was not told yet."""
        self.write({"content": content, "revision": self.revision + 1, "asked_at": fields.Datetime.now()})
        self._send("return", content)

    def _ask_again(self):
        """He does not answer: he is asked once more, with a message of its own; one that is on its way is enough."""
        for side in self:
            locked(side)
            last = side._messages().filtered(lambda message: message.kind == "return").sorted("id")[-1:]
            if last.state == "parked":
                last.action_retry()
            elif last.state not in UNFINISHED:
                side._send_content(side._content(side.return_id._fold()))
                side.return_id.message_post(
                    body=side.env._("%s was asked once more.", side.supplier_id.name), subtype_xmlid="mail.mt_note"
                )

    def _still(self):
        """What his side is when he need not be asked."""
        return "told" if self.state in ("off", "told") else self.state

    @api.model
    def _words(self, content):
        """What makes two messages different: not when an answer is due."""
        return {name: value for name, value in content.items() if name != "reply_by"}

    def _tell_parcels(self, folded):
        """The numbers of parcels on their way to him, at once."""
        mine = set(self._lines().ids)
        known = {row["number"] for row in self.parcels or []}
        new = []
        for event in self.return_id.event_ids.filtered(lambda event: event.code == "send"):
            about = {row[0] for row in event.lines or []}
            row = self._parcel_row(event.parcel or "")
            if row["number"] and row["number"] not in known and (not about or about & mine):
                known.add(row["number"])
                new.append(row)
        if not new:
            return
        self.parcels = [*(self.parcels or []), *new]
        for row in new:
            content = {"ref": self.ref, "number": row["number"], "carrier": row["carrier"]}
            self._send("return_parcel", content, row["number"])

    def _parcel_row(self, key):
        """{key, number, carrier} of a parcel of the case; without a number where it has none yet."""
        parcel = self._back_parcel(key)
        return {"key": key, "number": parcel.number or "", "carrier": parcel._carrier_title() if parcel else ""}

    def _call_off(self):
        """It does not come to him any more."""
        self.ensure_one()
        self._set_state("off")
        self._send("return_cancel", {"ref": self.ref})
        # What he is told later counts as new.
        self.content = False

    def _send(self, kind, content, subject=""):
        """Put a message to him on its way; where no connection takes it, it is a person's."""
        self.ensure_one()
        messages = self.env["dropship.exchange"]
        if not self.supplier_id.connection_id:
            self._ask_person(kind)
            return messages
        parts = [kind, self.id, self.revision, *filter(None, [subject])]
        values = {"side_id": self.id, "revision": self.revision, "content": content}
        return messages._put_out(self.supplier_id, self.company_id, kind, parts, **values)

    def _ask_person(self, kind):
        """Nobody but a person reaches this supplier: whoever has the case is asked to."""
        kinds = dict(self.env["dropship.exchange"]._exchange_kinds())
        case = self.return_id
        summary = self.env._("Tell %(supplier)s: %(what)s", supplier=self.supplier_id.name, what=kinds[kind])
        if not case.activity_ids.filtered(lambda activity: activity.summary == summary):
            user = case.user_id or self.supplier_id.user_id or self.env.ref("base.user_admin")
            case.activity_schedule(TELL, summary=summary, user_id=user.id)
