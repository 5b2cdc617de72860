from . import portal
from . import shop
