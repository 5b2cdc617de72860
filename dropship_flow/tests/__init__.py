from . import test_hero
from . import test_supplier
from . import test_offer_projection
from . import test_shipping_rate
from . import test_duty_rule
from . import test_supply_access
