from . import config
from . import sale_order
from . import router
from . import resolution
from . import goods
from . import possible
from . import exchange
from . import deposit
