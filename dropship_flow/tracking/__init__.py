"""What carriers and tracking services say about a parcel, in our words. Pure: no Odoo here."""
