def migrate(cr, version):
    """A delivery method may be served by several of the suppliers' services: the one it had is the first of them."""
    cr.execute("SELECT 1 FROM information_schema.columns WHERE table_name = %s AND column_name = %s",
               ["delivery_carrier", "dropship_service_id"])  # fmt: skip
    if cr.fetchone():
        cr.execute(
            """
            INSERT INTO delivery_carrier_dropship_service_rel
            SELECT id, dropship_service_id FROM delivery_carrier WHERE dropship_service_id IS NOT NULL
                ON CONFLICT DO NOTHING
            """
        )
