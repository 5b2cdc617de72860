import base64
import hashlib
import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..connectors.http import Client, Limits, NotSent, Refused, TooBig, Unknown
from ..listing_quality import BadPicture, inspect
from .listing_text import picture_text

_logger = logging.getLogger(__name__)

SIZE = 10 * 2**20
SECONDS = 20
BATCH = 4
LEASE = BATCH * (SECONDS + 10) + 60
MOST_TRIES = 5
MOST_PER_PRODUCT = 12
LONGEST = 2000


class DropshipListingImage(models.Model):
    """A picture of a supplier to be fetched. Nobody waits for it, and what is no picture never gets in."""

    _name = "dropship.listing.image"
    _description = "Picture to Fetch"
    _inherit = ["dropship.lease.mixin"]
    _order = "product_tmpl_id, sequence, id"
    _rec_name = "url"

    product_tmpl_id = fields.Many2one(
        "product.template", string="Product", required=True, ondelete="cascade", index=True
    )
    product_id = fields.Many2one(
        "product.product", string="Variant", ondelete="cascade", index="btree_not_null", help="Empty: of all variants."
    )
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    sequence = fields.Integer(default=10)
    url = fields.Char(string="Address", required=True)
    state = fields.Selection(
        [
            ("ready", "Waiting"),
            ("sending", "Being Fetched"),
            ("unknown", "Interrupted"),
            ("done", "Taken"),
            ("same", "Had It Already"),
            ("parked", "Not Taken"),
        ],
        default="ready",
        required=True,
        index=True,
        readonly=True,
    )
    reasons = fields.Json(readonly=True, help="[[code, figures]]: why it was not taken.")
    reason_text = fields.Char(string="Why Not", compute="_compute_reason_text")
    checksum = fields.Char(readonly=True)
    width = fields.Integer(readonly=True)
    height = fields.Integer(readonly=True)
    is_main = fields.Boolean(string="Main Picture", readonly=True)
    image_id = fields.Many2one("product.image", string="Further Picture", ondelete="set null", readonly=True)

    _once = models.UniqueIndex(
        "(product_tmpl_id, COALESCE(product_id, 0), md5(url))", "This picture is listed already."
    )
    _due = models.Index("(id) WHERE state = 'ready'")

    @api.depends("reasons")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        for image in self:
            image.reason_text = " ".join(picture_text(self.env, *reason) for reason in image.reasons or []) or False

    @api.model
    def _ask(self, rows):
        """Queue pictures: [(template id, product id or None, company id, [address])]. Known ones are left alone."""
        values = [
            (template_id, product_id, company_id, 10 * (place + 1), url)
            for template_id, product_id, company_id, urls in rows
            for place, url in enumerate(self._addresses(urls))
        ]
        if not values:
            return
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO dropship_listing_image (product_tmpl_id, product_id, company_id, sequence, url, state,
                                                    create_uid, write_uid, create_date, write_date)
                SELECT row.*, 'ready', %(uid)s, %(uid)s, now() AT TIME ZONE 'utc', now() AT TIME ZONE 'utc'
                  FROM (VALUES %(rows)s) AS row(template, product, company, sequence, url)
                    ON CONFLICT DO NOTHING
                """,
                uid=self.env.uid,
                rows=SQL(", ").join(
                    SQL("(%s::int, %s::int, %s::int, %s::int, %s)", *(part or None for part in row)) for row in values
                ),
            )
        )
        self.env.ref("dropship_flow.cron_listing_images").sudo()._trigger()

    @api.model
    def _addresses(self, urls):
        """Clean addresses in their order, each once."""
        found = []
        for url in urls:
            url = (url or "").strip()
            url = f"https:{url}" if url.startswith("//") else url
            if url.lower().startswith(("http://", "https://")) and len(url) <= LONGEST and url not in found:
                found.append(url)
        return found[:MOST_PER_PRODUCT]

    # --- the worker ---

    @api.model
    def _cron_fetch(self):
        """Fetch what is due, a few at a time; each picture is committed by itself."""
        self._take_over()
        lost = self.search([("state", "=", "unknown")], limit=100)  # asking again harms nobody
        lost.write({"state": "ready", "lease_until": False, "lease_token": False})
        cron = self.env["ir.cron"]
        while True:
            images, token = self._claim_safely(BATCH, LEASE)
            if not images:
                break
            for number, image in enumerate(images, 1):
                image._fetch(token)
                remaining = self.search_count([("state", "=", "ready"), ("next_try", "=", False)])
                remaining += len(images) - number
                if not cron._commit_progress(1, remaining=remaining):
                    for left in images[number:]:
                        left._give_back(token)
                    return

    def _client(self):
        """The guarded way out. Pictures are public: plain http:// is allowed, our own network is not."""
        return Client(limits=Limits(total=SECONDS, size=SIZE), plain=True)

    def _fetch(self, token):
        """Get the picture and put it where it belongs, or write down why not. The call is made outside any change."""
        self.ensure_one()
        try:
            picture = inspect(self._download())
        except BadPicture as error:
            self._refuse(token, error.code, error.figures)
            return
        except Refused as error:
            self._refuse(token, "refused", {"text": str(error)})
            return
        except TooBig:
            self._refuse(token, "too_big", {"limit": SIZE // 2**20})
            return
        except (NotSent, Unknown) as error:
            self._later(token, "unreachable", {"text": str(error)[:300]})
            return
        except _Status as error:
            again = error.status == 429 or error.status >= 500
            (self._later if again else self._refuse)(token, "status", {"status": error.status})
            return
        checksum = hashlib.sha256(picture.data).hexdigest()
        facts = {"checksum": checksum, "width": picture.width, "height": picture.height}
        same = self.search_count(
            [
                ("product_tmpl_id", "=", self.product_tmpl_id.id),
                ("product_id", "=", self.product_id.id),
                ("checksum", "=", checksum),
                ("state", "=", "done"),
            ],
            limit=1,
        )
        if self._hand_in(token, "same" if same else "done", reasons=False, error=False, **facts) and not same:
            self._place(picture.data)

    def _download(self):
        answer = self._client().request("GET", self.url, headers={"Accept": "image/*"})
        if not answer.ok:
            raise _Status(answer.status)
        return answer.body

    def _refuse(self, token, code, figures):
        self._hand_in(token, "parked", reasons=[[code, figures]], error=code)

    def _later(self, token, code, figures):
        """The other side has a bad moment: try again, a handful of times."""
        if self.attempts >= MOST_TRIES:
            self._refuse(token, code, figures)
            return
        when = fields.Datetime.add(fields.Datetime.now(), seconds=self._wait_seconds())
        self._hand_in(token, "ready", reasons=[[code, figures]], error=code, next_try=when)

    def _place(self, data):
        """The first picture is the main one; a picture a person chose is never replaced."""
        encoded = base64.b64encode(data)
        template = self.product_tmpl_id.with_context(tracking_disable=True)
        if self.product_id:
            if not self.product_id.image_variant_1920:
                self.product_id.image_variant_1920 = encoded
            return
        domain = [("product_tmpl_id", "=", template.id), ("product_id", "=", False), ("is_main", "=", True)]
        others = self.search(domain)
        if not template.image_1920:
            template.image_1920 = encoded
            self.is_main = True
        elif others and self.sequence < min(others.mapped("sequence")):
            # The first one came late: the one that stood in for it becomes a further picture.
            others[0].write({"is_main": False, "image_id": self._further(template.image_1920, others[0].sequence).id})
            template.image_1920 = encoded
            self.is_main = True
        else:
            self.image_id = self._further(encoded, self.sequence)
        template.dropship_listing_ids._judge()

    def _further(self, encoded, sequence):
        return self.env["product.image"].create(
            {
                "name": self.product_tmpl_id.name,
                "product_tmpl_id": self.product_tmpl_id.id,
                "image_1920": encoded,
                "sequence": sequence,
            }
        )

    def action_retry(self):
        """Fetch these again now."""
        self.check_access("write")
        again_sudo = self.sudo().filtered(lambda image: image.state in ("parked", "ready", "unknown"))
        if not again_sudo:
            raise UserError(self.env._("These pictures are there already."))
        again_sudo.write(
            {"state": "ready", "reasons": False, "error": False, "next_try": False, "attempts": 0, "stops": 0}
        )
        self.env.ref("dropship_flow.cron_listing_images").sudo()._trigger()
        return True

    @api.model
    def _stopped_text(self):
        return "stopped"

    @api.model
    def _take_over(self, limit=100):
        """Override: what stopped its worker too often says so as the others do."""
        found = super()._take_over(limit)
        found.filtered(lambda image: image.state == "parked").write({"reasons": [["stopped", {}]]})
        return found


class _Status(Exception):
    def __init__(self, status):
        super().__init__(status)
        self.status = status
