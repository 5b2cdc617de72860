"""Records of feeds as they come in, for the contract that keeps companies apart."""

OF_NO_COMPANY = {}


def make(cls, order, supplier):
    """A feed whose file was looked at, with a column that takes steps, and what a run of it changed."""
    feed = cls.env["dropship.feed"].create(
        {
            "name": "Looked at",
            "warehouse_id": supplier.warehouse_ids[:1].id,
            "sample_ids": [(0, 0, {"kind": "good", "line": 2, "sku": "A-1"})],
            "column_ids": [
                (0, 0, {"source": "Code", "target": "sku", "step_ids": [(0, 0, {"function": "strip"})]}),
                (0, 0, {"source": "Price", "target": "price"}),
            ],
        }
    )
    run = cls.env["dropship.feed.run"].create({"feed_id": feed.id})
    cls.env["dropship.feed.change"].create(
        {"run_id": run.id, "feed_id": feed.id, "company_id": feed.company_id.id, "kind": "new", "sku": "A-1"}
    )
