"""Rules that a Table Schema declares, for every package.

``declared_rules`` reads them from a schema. ``expressions`` is what their SQL comes to;
``expression_parsing`` makes it of the text, by what ``expression_reading`` allows. Three modules
evaluate or write it: row by row in Python, as columns of polars, as SQL.
"""
