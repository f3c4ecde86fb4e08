"""The fast structure engine: frictionless's verdicts near the speed of parsing the file.

What is checked, as data: ``plan`` derives it from a Table Schema; ``conditions`` and ``patterns``
say when a cell is surely fine, ``extra_checks`` what is looked for beyond frictionless.

Cell by cell: ``plain_reading`` reads as frictionless does, and ``exact`` decides by it on single
cells and rows. Small tables need no more; their keys are in ``keys``.

Column by column, on polars: ``columns`` finds the few cells that are not surely fine, by what
``polars_conditions`` makes of conditions; large texts are told by whole lines first
(``row_pattern``, ``bounded_shapes``). ``key_columns`` are the keys of large tables.

Parquet: ``parquet_opening`` finds out what its cells are (``typed_cells``), ``parquet`` gives them
to the columns as a ``typed_frame``.

All together: ``table_run`` takes a table from its file to its faults, ``collecting`` makes findings
of them, ``engine`` does so with every table, and leaves to frictionless what only that reads;
``left_rows`` checks there what frictionless does not.
"""
