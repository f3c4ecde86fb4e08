"""The fast structure engine: frictionless's verdicts near the speed of parsing the file.

``plan`` says what is checked, as data. Two executors run a plan: ``by_row`` with plain Python for
small tables, ``by_column`` with polars for large ones. Both only sort out the cells that are
surely fine; the few others are read one by one with frictionless's own reading (``exact``).
What ``reading`` cannot read as frictionless would goes to frictionless.
"""
