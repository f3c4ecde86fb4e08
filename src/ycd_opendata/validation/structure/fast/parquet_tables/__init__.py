"""Tables in Parquet files, for the columns to look at as at texts.

``parquet_opening`` finds out what the cells of a file are to frictionless (``typed_cells``), and
``parquet`` reads them.
"""
