from . import ad_file, ad_spend, bill, currencies, month, profit, rule, share, source, text, utm

# isort: split
from . import ad_api, ad_rows, collector, renew, shrink, touched
