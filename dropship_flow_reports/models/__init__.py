from . import pack, profit
