from . import costs_ad_upload
