from odoo import fields, models

FORMATS = [("csv", "CSV / TSV"), ("xlsx", "XLSX"), ("xml", "XML"), ("json", "JSON"), ("ndjson", "NDJSON")]
RUN_STATES = [
    ("new", "Waiting"),
    ("reading", "Reading"),
    ("compared", "Compared"),
    ("review", "Stopped by a Guard"),
    ("applying", "Being Applied"),
    ("done", "Applied"),
    ("same", "Nothing New"),
    ("refused", "Not Readable"),
    ("cancel", "Dropped"),
]


class DropshipFeed(models.Model):
    """A supplier's price list or stock list that comes again and again."""

    _name = "dropship.feed"
    _description = "Feed of a Supplier"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    warehouse_id = fields.Many2one(
        "dropship.supplier.warehouse", string="Ships From", required=True, ondelete="cascade", index=True, tracking=True
    )
    supplier_id = fields.Many2one(related="warehouse_id.supplier_id", store=True, index=True)
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True, index=True)
    currency_id = fields.Many2one("res.currency", related="supplier_id.currency_id")
    run_ids = fields.One2many("dropship.feed.run", "feed_id", string="Runs")
    column_ids = fields.One2many("dropship.feed.column", "feed_id", string="Columns", copy=True)
    kind = fields.Selection(
        [("full", "Everything each time"), ("delta", "Only changes")], required=True, default="full", tracking=True
    )
    as_of = fields.Datetime(readonly=True, copy=False, help="What the last accepted file says is true at this time.")
    generation = fields.Integer(readonly=True, copy=False, help="Counts the accepted runs.")
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        check_company=True,
        tracking=True,
        help="Is told when a file needs a person.",
    )
    confirm_first = fields.Boolean(
        string="Look Before Applying", tracking=True, help="Every file waits until somebody has seen what changes."
    )
    last_sequence = fields.Integer(readonly=True, copy=False, help="Of a feed of changes: the last number taken.")
    checksum = fields.Char(readonly=True, copy=False, help="Of the file that was taken last.")
    plan_key = fields.Char(readonly=True, copy=False, help="How that file was read.")
    last_rows = fields.Integer(string="Rows Last Time", readonly=True, copy=False)

    def _for_buyer(self, otherwise=None):
        """The feed in the language of who looks after it, and that user. Note: `self.ensure_one()`.

        :param res.users otherwise: whom to ask where nobody is responsible
        """
        self.ensure_one()
        asked = (self.user_id, self.supplier_id.user_id, otherwise or self.env.user)
        user = next((one for one in asked if one.active and not one.share), self.env.user)
        return self.with_context(lang=user.lang), user


class DropshipFeedColumn(models.Model):
    """Which column of the file is which fact, and how its text is turned into it."""

    _name = "dropship.feed.column"
    _description = "Feed: Column"
    _order = "sequence, id"

    feed_id = fields.Many2one("dropship.feed", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="feed_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    source = fields.Char(string="Column", required=True, help="Heading of the column, or path of the element.")
    target = fields.Char(help="Key of feeds.canon.FIELDS; empty: not used.")
    param = fields.Char(string="Of")


class DropshipFeedRun(models.Model):
    """One file of a feed, from received to applied. Rows in = applied + unchanged + rejected + quarantined."""

    _name = "dropship.feed.run"
    _description = "Run of a Feed"
    _inherit = ["mail.thread", "dropship.state.mixin"]
    _order = "id desc"
    _check_company_auto = True

    _transitions = frozenset(
        {
            ("new", "reading"),
            ("reading", "compared"),
            ("reading", "review"),
            ("reading", "same"),
            ("reading", "refused"),
            ("reading", "cancel"),
            ("new", "refused"),
            ("compared", "applying"),
            ("compared", "cancel"),
            ("review", "applying"),
            ("review", "cancel"),
            ("applying", "done"),
            ("applying", "refused"),
            ("refused", "new"),
            ("refused", "cancel"),
            ("new", "cancel"),
        }
    )

    feed_id = fields.Many2one("dropship.feed", required=True, ondelete="cascade", index=True)
    supplier_id = fields.Many2one(related="feed_id.supplier_id", store=True, index=True)
    company_id = fields.Many2one(related="feed_id.company_id", store=True, index=True)
    state = fields.Selection(RUN_STATES, required=True, default="new", index=True, readonly=True)
    file_name = fields.Char(readonly=True)
    content = fields.Binary(attachment=True, readonly=True, help="The file as received.")
    checksum = fields.Char(readonly=True, index="btree_not_null")
    as_of = fields.Datetime(readonly=True)
    sequence = fields.Integer(readonly=True, help="Of a feed of changes: its number in the row.")
    reject_ids = fields.One2many("dropship.feed.reject", "run_id", string="Rows Not Taken")
    rows_in = fields.Integer(string="Rows", readonly=True)
    rows_applied = fields.Integer(string="Applied", readonly=True)
    rows_unchanged = fields.Integer(string="Unchanged", readonly=True)
    rows_rejected = fields.Integer(string="Rejected", readonly=True)
    rows_quarantined = fields.Integer(string="In Quarantine", readonly=True)
    rows_seen = fields.Integer(string="Rows So Far", readonly=True, help="While the file is being read.")
    rows_new = fields.Integer(string="New", readonly=True)
    rows_changed = fields.Integer(string="Changed", readonly=True)
    rows_missing = fields.Integer(string="Not in the File", readonly=True, help="Known offers the file does not have.")
    rows_zeroed = fields.Integer(string="Sold Out", readonly=True, help="Offers that had stock before.")
    rows_restored = fields.Integer(string="Back Again", readonly=True, help="Offers that were missing before.")
    origin = fields.Selection(
        [
            ("upload", "Uploaded"),
            ("fetch", "Fetched"),
            ("mail", "By Mail"),
            ("api", "Sent by a Program"),
            ("replay", "Corrected Rows"),
        ],
        string="How It Came",
        required=True,
        default="upload",
        readonly=True,
    )
    full = fields.Boolean(default=True, readonly=True, help="What the file does not have is missing.")
    plan_key = fields.Char(readonly=True)
    spoken = fields.Json(readonly=True, help="Facts the rows speak of, as they were read.")
    problem = fields.Json(readonly=True, help="[[code, figures], …]: why it was refused, or what it waits for.")
    guards = fields.Json(readonly=True, help="[[code, figures], …]: the guards that stopped it.")
    staged = fields.Boolean(readonly=True, help="All rows are in the staging table.")
    good_rows = fields.Integer(readonly=True, help="Usable rows in the staging table.")
    attempts = fields.Integer(readonly=True, help="How often a worker began.")
    started_at = fields.Datetime(string="Started On", readonly=True)
    ended_at = fields.Datetime(string="Ended On", readonly=True)
    forced_by_id = fields.Many2one("res.users", readonly=True)
    reject_file = fields.Binary(
        attachment=True, readonly=True, help="All rows that were not taken, when there are too many to list."
    )
    reject_file_name = fields.Char(readonly=True)

    _one_at_a_time = models.UniqueIndex(
        "(supplier_id) WHERE state IN ('reading', 'applying')",
        "Another file of this supplier is being worked on. Try again when it is done.",
    )
    _balanced = models.Constraint(
        "CHECK (state != 'done' OR COALESCE(rows_in, 0) = COALESCE(rows_applied, 0) + COALESCE(rows_unchanged, 0)"
        " + COALESCE(rows_rejected, 0) + COALESCE(rows_quarantined, 0))",
        "The rows of the file do not add up.",
    )


class DropshipFeedReject(models.Model):
    """A row that was not taken: why, and what it said. It can be corrected and replayed."""

    _name = "dropship.feed.reject"
    _description = "Row of a Feed Not Taken"
    _order = "run_id desc, line, id"

    run_id = fields.Many2one("dropship.feed.run", required=True, ondelete="cascade", index=True)
    feed_id = fields.Many2one(related="run_id.feed_id", store=True, index=True)
    company_id = fields.Many2one(related="run_id.company_id", store=True, index=True)
    line = fields.Integer()
    kind = fields.Selection(
        [("reject", "Not readable"), ("quarantine", "Doubtful"), ("conflict", "Conflict")],
        required=True,
        default="reject",
        index=True,
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("replayed", "Taken"),
            ("dismissed", "Left Out"),
            ("superseded", "Replaced by a Newer File"),
        ],
        required=True,
        default="open",
        index=True,
    )
    offer_id = fields.Many2one("dropship.offer", ondelete="cascade", index="btree_not_null", readonly=True)
    understood = fields.Boolean(readonly=True, help="The cells are facts by name, not the columns of the file.")
    sku = fields.Char(string="Supplier's Code")
    reasons = fields.Json(help="[[code, figures], …]")
    cells = fields.Json(help="{column: text} as received.")
