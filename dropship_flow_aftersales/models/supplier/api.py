"""What a supplier's program may do with returns and claims: read and answer."""

from odoo import api, fields, models
from odoo.addons.dropship_flow.api import supplier_schema
from odoo.addons.dropship_flow.api.validate import Problem
from odoo.addons.dropship_flow.models import supplier_api
from odoo.addons.dropship_flow.models.api_texts import SENTENCES
from odoo.addons.dropship_flow.models.reason_text import _lt
from odoo.fields import Domain

from ...api.supplier_returns import CLAIM_STATES, REQUESTS, RETURN_STATES
from ...connectors.replies import READERS

PAGE = 50
# {kind of call: (what is listed, its states)}
LISTS = {"supplier_returns": ("returns", RETURN_STATES), "supplier_claims": ("claims", CLAIM_STATES)}
ONE = {"supplier_return": "returns", "supplier_claim": "claims"}

supplier_schema.REQUESTS.update(REQUESTS)
supplier_api.SCOPE_OF.update(dict.fromkeys([*LISTS, *ONE, *REQUESTS], "returns"))
supplier_api.READING.update([*LISTS, *ONE])
SENTENCES["no_such_return"] = _lt('You have no return or claim "%(name)s".')


class DropshipSupplierKey(models.Model):
    _inherit = "dropship.supplier.key"

    scope_returns = fields.Boolean(string="Answer Returns and Claims", default=True, tracking=True)


class DropshipSupplierApi(models.AbstractModel):
    _inherit = "dropship.supplier.api"

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------

    @api.model
    def _read(self, method, ref, args):
        """Override: also returns and claims."""
        if method in LISTS:
            return self._read_returns(*LISTS[method], args)
        if method not in ONE:
            return super()._read(method, ref, args)
        record = self._record_of(ONE[method], ref)
        if not record:
            return self._refuse(404, [self._unknown(ref)])
        return self._reply(200, record._api_view())

    @api.model
    def _unknown(self, ref):
        return Problem("ref", "no_such_return", {"name": ref})

    @api.model
    def _records_domain(self, what):
        """The returns or claims of this key's supplier in this key's company."""
        supplier = self._key.supplier_id
        domain = supplier._desk_returns_domain("") if what == "returns" else supplier._desk_claims_domain()
        return domain & Domain("company_id", "=", self._key.company_id.id)

    @api.model
    def _model_of(self, what):
        return self.env["dropship.return.side" if what == "returns" else "dropship.claim"]

    @api.model
    def _record_of(self, what, ref):
        records = self._model_of(what)
        key = self._key
        if what == "returns":
            return records._of(ref, key.supplier_id, key.company_id)
        return records._of_supplier(ref, key.supplier_id).filtered(lambda claim: claim.company_id == key.company_id)

    @api.model
    def _read_returns(self, what, states, args):
        problems = [Problem(name[:60], "unknown", {"name": name[:60]}) for name in set(args) - {"state", "cursor"}]
        domain = self._records_domain(what)
        if "state" in args and args["state"] not in states:
            problems.append(Problem("state", "word", {"name": args["state"][:40], "allowed": ", ".join(states)}))
        elif "state" in args:
            domain &= self._model_of(what)._api_state(args["state"])
        if "cursor" in args:
            try:
                place = int(args["cursor"][:16], 16)
                if not 0 < place < 2**31:
                    raise ValueError
                domain &= Domain("id", ">", place)
            except ValueError:
                problems.append(Problem("cursor", "cursor", {}))
        if problems:
            return self._refuse(422, problems)
        records = self._model_of(what).search(domain, order="id", limit=PAGE + 1)
        page = {what: [record._api_view() for record in records[:PAGE]]}
        if len(records) > PAGE:
            page["cursor"] = f"{records[PAGE - 1].id:x}"
        return self._reply(200, page)

    # ------------------------------------------------------------------
    # Answering
    # ------------------------------------------------------------------

    @api.model
    def _supplier_return_answer(self, body):
        return self._answer_of("returns", "return", body)

    @api.model
    def _supplier_claim_answer(self, body):
        return self._answer_of("claims", "claim", body)

    @api.model
    def _answer_of(self, what, about, body):
        """Store the answer, act on it, say how it stands now.

        :return: [result]; None when somebody else works on it this moment
        """
        record = self._record_of(what, body["ref"])
        if not record:
            return self._refused(404, self._unknown(body["ref"]))
        if not record.try_lock_for_update(allow_referencing=True):
            return None
        try:
            reply = READERS[about](body)
        except ValueError as error:
            return self._refused(422, Problem("", "refused", {"text": str(error)}))
        message = self.env["dropship.exchange"]._put_in(
            reply,
            f"supplier key {record.supplier_id.id}",
            self.env["purchase.order"],
            record.supplier_id,
            record.company_id,
        )
        if message:
            message._process()
            self.env.flush_all()
        record.invalidate_recordset()
        return [record._api_view()]


class DropshipReturnSide(models.Model):
    _inherit = "dropship.return.side"

    @api.model
    def _api_state(self, state):
        return Domain("state", "=", state)

    def _api_view(self):
        """A return as its supplier may see it."""
        self.ensure_one()
        content = self.content or {}
        return {
            "schema": 1,
            "ref": self.ref,
            "state": self.state,
            "id": self.remote_ref or "",
            "approval": self.approval,
            "reply_by": content.get("reply_by", ""),
            "lines": [{**line, "came": self._desk_came(line)} for line in content.get("lines", [])],
            "photos": content.get("photos", []),
            "to": self.address or content.get("to", {}),
            "parcels": self.parcels or [],
        }


class DropshipClaim(models.Model):
    _inherit = "dropship.claim"

    @api.model
    def _api_state(self, state):
        if state == "to_answer":
            return Domain("state", "=", "filed") | Domain("supplier_asked_again", "=", True)
        return Domain("supplier_answer", "=", state) & Domain("supplier_asked_again", "=", False)

    def _api_view(self):
        """A claim as the supplier it is against may see it."""
        self.ensure_one()
        waits = self.supplier_asked_again or self.state == "filed"
        return {
            "schema": 1,
            **self._supplier_content(),
            "state": "to_answer" if waits else self.supplier_answer or "accepted",
            "granted": f"{self.amount_granted:.{self.currency_id.decimal_places}f}" if self.supplier_answer else "",
            "objection": self.objection or "",
        }
