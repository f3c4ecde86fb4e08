"""The fast structure engine: frictionless's verdicts near the speed of parsing the file.

``planning`` says what is checked in a table. A small table is read row by row: ``exact`` decides on
each cell, ``keys`` compares them. In a large one ``by_column`` finds the few cells that are not
surely fine, and only those are read exactly; Parquet comes in by ``parquet_tables``.

``table_run`` takes a table from its file to its faults, ``collecting`` makes findings of them, and
``engine`` does so with every table, leaving to frictionless what only that reads; ``left_rows``
checks there what frictionless does not.
"""
