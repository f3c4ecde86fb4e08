"""The fast structure engine: frictionless's verdicts near the speed of parsing the file.

``plan`` says what is checked in a table, as data; ``columns`` executes it on polars, and another
executor may take its place. ``opening``, ``header``, ``parts``, ``blocks`` and ``batches`` read
text as frictionless would; ``parquet``, ``typed`` and ``missing`` give typed cells a text. What is
surely fine is left alone; the few other cells are read one by one with frictionless's own reading
(``exact``). ``keys`` compares values across rows, ``collecting`` makes findings, ``table`` and
``engine`` hold the parts together. What cannot be read so goes to frictionless.
"""
