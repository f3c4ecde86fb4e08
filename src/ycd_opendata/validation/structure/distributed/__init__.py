"""The fast engine, spread over many processes: the same findings, in the same order.

Tables are cut into pieces of whole rows (``package.tables.sections``). A task checks the cells and
rows of a piece with the fast engine (``tasks``) and gives what it found, and the keys. Keys are
compared across pieces by whoever carries the tasks out (``execution``: this process; ``spark``: a
cluster), and ``gathering`` makes one table of it all again.
"""
