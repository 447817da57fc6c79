"""A shop from a folder of CSV files, for shops that have no order system with an interface; see docs/shop-csv.md."""

from tools.shop.csv_folder.reader import import_csv

__all__ = ["import_csv"]
