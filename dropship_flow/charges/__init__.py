"""What a customer pays for shipping: zones, weights, thresholds. Pure Python, no Odoo."""

from .zones import Place, Quote, Zone, quote, round_up, sample_zip

__all__ = ["Place", "Quote", "Zone", "quote", "round_up", "sample_zip"]
