from . import side
from . import side_content
from . import side_goods
from . import tell
from . import exchange
from . import exchange_relay
from . import connector
from . import claim
