"""Parts of the benchmark ``street.py``: crowds, peers, loads."""
