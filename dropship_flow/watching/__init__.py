"""What is wrong with a parcel, by its clock and by its own events. Pure: no Odoo here."""
