"""Where a carrier shows a parcel to the public. Only addresses that take the number in the link."""

from urllib.parse import quote

PAGES = {
    "sf": "https://www.sf-express.com/chn/sc/waybill/waybill-detail/{}",
    "4px": "https://track.4px.com/#/result/0/{}",
    "yunexpress": "https://www.yuntrack.com/parcelTracking?id={}",
    "yanwen": "https://track.yw56.com.cn/en/querydel?nums={}",
    "cainiao": "https://global.cainiao.com/newDetail.htm?mailNoList={}",
    "dhl": "https://www.dhl.com/global-en/home/tracking.html?tracking-id={}",
    "deutschepost": "https://www.deutschepost.de/sendung/simpleQueryResult.html?form.sendungsnummer={}",
    "ups": "https://www.ups.com/track?tracknum={}",
    "fedex": "https://www.fedex.com/fedextrack/?trknbr={}",
    "usps": "https://tools.usps.com/go/TrackConfirmAction?tLabels={}",
    "gls": "https://gls-group.com/EU/en/parcel-tracking?match={}",
    "dpd": "https://tracking.dpd.de/status/en_US/parcel/{}",
    "royalmail": "https://www.royalmail.com/track-your-item#/tracking-results/{}",
    "laposte": "https://www.laposte.fr/outils/suivre-vos-envois?code={}",
    "inpost": "https://inpost.pl/sledzenie-przesylek?number={}",
    "correos": "https://www.correos.es/es/en/tools/tracker/items/details?tracking-number={}",
    "swisspost": "https://service.post.ch/ekp-web/ui/entry/search/{}",
    "post_at": "https://www.post.at/s/sendungsdetails?snr={}",
}


def page_of(carrier, number):
    """
    >>> page_of("ups", "1Z 999/x")
    'https://www.ups.com/track?tracknum=1Z%20999%2Fx'
    >>> page_of("nobody", "1"), page_of("", "1"), page_of("ups", "")
    ('', '', '')
    """
    address = PAGES.get(carrier or "")
    return address.format(quote(number, safe="")) if address and number else ""
