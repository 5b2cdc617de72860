"""Returns and claims on the supplier's own page: what waits for him, and what he enters there."""

import hashlib
import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.dropship_flow.models.desk_answer import CHANGED, DONE, KNOWN, PARKED
from odoo.fields import Domain
from odoo.tools import format_datetime

from ...connectors.replies import READERS

TABS = ("approve", "confirm", "claims", "done")
# What is done is shown for so many days.
LATELY = 60
UNCHECKED = ("on_the_way", "partly", "received")


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    def _desk_returns_domain(self, tab):
        """The returns of these suppliers that they know of."""
        domain = Domain("supplier_id", "in", self.ids) & Domain("revision", ">", 0)
        since = fields.Datetime.now() - timedelta(days=LATELY)
        confirm = Domain("state", "in", ("told", "approved", "counted")) & Domain(
            "return_id.reception", "in", UNCHECKED
        )
        parts = {
            "": Domain.TRUE,
            "approve": Domain("state", "=", "asked"),
            "confirm": confirm,
            "done": ~Domain("state", "=", "asked") & ~confirm & Domain("write_date", ">=", since),
        }
        return domain & parts[tab]

    def _desk_claims_domain(self, tab=""):
        """The claims against these suppliers that they know of; of the tab: those that wait for their word."""
        told = ("filed", "accepted", "refused", "paid")
        domain = Domain("party", "=", "supplier") & Domain("supplier_id", "in", self.ids) & Domain("state", "in", told)
        since = fields.Datetime.now() - timedelta(days=LATELY)
        waits = Domain("state", "=", "filed") | Domain("supplier_asked_again", "=", True)
        parts = {"": Domain.TRUE, "claims": waits, "done": ~waits & Domain("write_date", ">=", since)}
        return domain & parts[tab]

    def _desk_returns_counts(self, reach=Domain.TRUE):
        """{tab: how many} of what waits for him; `reach` limits the companies."""
        sides, claims = self.env["dropship.return.side"], self.env["dropship.claim"]
        return {
            "approve": sides.search_count(self._desk_returns_domain("approve") & reach),
            "confirm": sides.search_count(self._desk_returns_domain("confirm") & reach),
            "claims": claims.search_count(self._desk_claims_domain("claims") & reach),
        }


class DropshipReturnSide(models.Model):
    _inherit = "dropship.return.side"

    def _desk_state(self):
        """approve, confirm, wait (nothing came yet), refused, done, off"""
        self.ensure_one()
        if self.state in ("asked", "refused", "off"):
            return {"asked": "approve", "refused": "refused", "off": "off"}[self.state]
        if self.return_id.reception in UNCHECKED:
            return "confirm"
        return "done" if self.return_id.reception in ("inspected", "not_coming") or self.state == "counted" else "wait"

    def _desk_rows(self):
        """What the list shows of each: [{id, ref, state, goods, due}]."""
        return [
            {
                "id": side.id,
                "ref": side.ref,
                "state": side._desk_state(),
                "goods": [(line["sku"], f"{line['qty']:g}") for line in (side.content or {}).get("lines", [])[:3]],
                "due": side._desk_moment((side.content or {}).get("reply_by")) if side.state == "asked" else "",
            }
            for side in self
        ]

    def _desk_moment(self, value):
        """A moment where the supplier is, in his language."""
        zone = self._lines().warehouse_id[:1].tz or "UTC"
        moment = fields.Datetime.to_datetime(value) if value else None
        return format_datetime(self.env, moment, tz=zone, dt_format="short") if moment else ""

    def _desk_facts(self):
        """All the page of a return shows, and no more than he was told."""
        self.ensure_one()
        content = self.content or {}
        back = self._known_address()
        return {
            "id": self.id,
            "ref": self.ref,
            "state": self._desk_state(),
            "their_ref": self.remote_ref or "",
            "lines": [{**line, "came": self._desk_came(line)} for line in content.get("lines", [])],
            "photos": [self._photo_path(photo) for photo in self._photos()],
            "due": self._desk_moment(content.get("reply_by")),
            "to": self.address or back,
            "reason": self.reason or "",
            "note": self.note or "",
            "label": self.label or "",
            "has_label": bool(self.label_id),
            "parcels": self.parcels or [],
            "own_photos": len(self.photo_ids),
            "stamp": self._desk_stamp(),
        }

    def _photo_path(self, photo):
        return "/" + self._photo_url(photo).split("/", 3)[-1]

    def _desk_came(self, said):
        """How many of a line came, as was counted; None: nobody has."""
        line = self._lines().filtered(lambda line: str(line.id) == said["line"])
        if self.return_id.reception not in ("partly", "received", "inspected"):
            return None
        return line.qty_received / self._factor(line) if line else None

    def _desk_stamp(self):
        """What the page showed, in short: an answer to something else is not taken."""
        self.ensure_one()
        lines = [(line.id, line.qty_received, line.conditions) for line in self._lines()]
        facts = [self.state, self.revision, self.parcels, self.return_id.reception, lines]
        text = json.dumps(facts, sort_keys=True, default=str)
        return f"{self.turn}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"

    def _desk_answer(self, reply, stamp, files=(), link=None):
        """Take what he entered, in one step that the same click cannot take twice.

        :param dict reply: before it is cleaned, without reference
        :param files: [(photo or label, name, bytes, mimetype)]
        :return: DONE, KNOWN, PARKED or CHANGED
        :raise UserError: what is to be corrected, in his words
        """
        self.ensure_one()
        said = self.env["dropship.exchange"]._desk_reply("return", {**reply, "ref": self.ref})
        return self.env["dropship.exchange"]._desk_take(self, said, stamp, files, link)

    def _desk_next_turn(self):
        self.turn += 1


class DropshipExchange(models.Model):
    _inherit = "dropship.exchange"

    @api.model
    def _desk_reply(self, about, raw):
        try:
            return READERS[about](raw)
        except ValueError as error:
            raise self.env["dropship.return.side"]._typed_wrong(error) from None

    @api.model
    def _desk_take(self, record, said, stamp, files, link):
        """Store an answer given on the page of a return or a claim, and act on it at once."""
        fresh = stamp == record._desk_stamp()
        message = self._put_in(
            said,
            f"desk {record._name} {record.id} {stamp}",
            self.env["purchase.order"],
            record.supplier_id,
            record.company_id,
            link_id=link.id if link else False,
        )
        if not message:
            return KNOWN
        if not fresh:
            message.unlink()
            return CHANGED
        message._enclose(files)
        record._desk_next_turn()
        message._process()
        return PARKED if message.state == "parked" else DONE

    def _enclose(self, files):
        """Keep what came with the answer."""
        attachments_sudo = self.env["ir.attachment"].sudo()  # files of whoever answers, at our message
        for what, name, content, mimetype in files:
            attachments_sudo.create(
                {
                    "name": name,
                    "raw": content,
                    "mimetype": mimetype,
                    "description": what,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )


class DropshipClaim(models.Model):
    _inherit = "dropship.claim"

    def _desk_claim_rows(self):
        """What the list shows of each claim."""
        return [
            {
                "id": claim.id,
                "ref": claim._supplier_ref(),
                "kind": dict(claim._claim_kinds()).get(claim.kind, claim.kind),
                "amount": f"{claim._claimed()} {claim.currency_id.name}",
                "state": claim._desk_state(),
                "due": claim._desk_due(),
            }
            for claim in self
        ]

    def _desk_state(self):
        """answer, again (we objected), accepted, partly, refused"""
        self.ensure_one()
        if self.supplier_asked_again:
            return "again"
        return "answer" if self.state == "filed" else self.supplier_answer or self.state

    def _desk_due(self):
        value = self._answer_until()
        zone = self.shipment_id.purchase_ids.dropship_warehouse_id[:1].tz or "UTC"
        moment = fields.Datetime.to_datetime(value) if value else None
        return format_datetime(self.env, moment, tz=zone, dt_format="short") if moment else ""

    def _desk_facts(self):
        """All the page of a claim shows, and no more than he was told."""
        self.ensure_one()
        content = self._supplier_content()
        granted = self.supplier_answer and f"{self.amount_granted:.{self.currency_id.decimal_places}f}"
        return {
            **content,
            "id": self.id,
            "state": self._desk_state(),
            "photos": ["/" + self._evidence_url(file).split("/", 3)[-1] for file in self._supplier_evidence()],
            "due": self._desk_due(),
            "granted": granted or "",
            "reason": self.supplier_reason or "",
            "their_ref": self.reference or "",
            "history": self._desk_history(),
            "stamp": self._desk_stamp(),
        }

    def _desk_history(self):
        """[{at, ours: whether we said it, kind, amount, text}], oldest first."""
        rows = []
        for message in self.exchange_ids.sorted("id"):
            ours = message.direction == "out"
            data = (message.content if ours else message.payload) or {}
            if not ours and (message.state != "processed" or not data.get("answer")):
                continue
            rows.append(
                {
                    "at": format_datetime(self.env, message.create_date, dt_format="short"),
                    "ours": ours,
                    "kind": message.kind if ours else data["answer"],
                    "amount": data.get("amount") or "",
                    "text": data.get("text") or data.get("reason") or "",
                }
            )
        return rows

    def _desk_stamp(self):
        self.ensure_one()
        facts = [
            self.id,
            self.state,
            self.amount,
            self.amount_granted,
            self.supplier_revision,
            self.supplier_asked_again,
        ]
        return f"{self.supplier_turn}-{hashlib.sha256(repr(facts).encode()).hexdigest()[:16]}"

    def _desk_answer(self, reply, stamp, files=(), link=None):
        """Take what he entered about the claim; see `dropship.return.side`."""
        self.ensure_one()
        raw = {**reply, "ref": self._supplier_ref(), "currency": self.currency_id.name}
        said = self.env["dropship.exchange"]._desk_reply("claim", raw)
        return self.env["dropship.exchange"]._desk_take(self, said, stamp, files, link)

    def _desk_next_turn(self):
        self.supplier_turn += 1
