"""The JSON format of the tau2 retail benchmark: a shop from its database file, and the file from a shop.

``export_tau2(import_tau2(path))`` equals the file, row for row. What the format cannot say is left out: dates,
windows, parcels' progress, stock counts, cancelled units of orders that go on.
"""

from tools.shop.tau2.reader import import_tau2
from tools.shop.tau2.writer import export_tau2, write_tau2

__all__ = ["export_tau2", "import_tau2", "write_tau2"]
