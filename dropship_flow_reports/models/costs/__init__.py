from . import ad_spend, ad_file, ad_rows, bill, currencies, month, profit, rule, share, source, text, utm

# isort: split
from . import ad_api, collector, renew, shrink, touched
