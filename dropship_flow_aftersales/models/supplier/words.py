"""What suppliers' parts have in common."""

# What a person has to tell a supplier no connection reaches; only that person says that it is done.
TELL = "dropship_flow_aftersales.activity_tell_supplier"
