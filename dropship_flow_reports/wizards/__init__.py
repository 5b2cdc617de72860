from . import costs_ad_upload
from . import cash_statement
