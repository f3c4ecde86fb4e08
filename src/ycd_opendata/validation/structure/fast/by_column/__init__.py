"""A plan carried out on whole columns, by polars.

``columns`` finds the few cells that are not surely fine, by what ``polars_conditions`` makes of
conditions; large texts are told by whole lines first (``row_pattern``, ``bounded_shapes``).
``typed_frame`` holds rows that are no text, and what was seen in rows of any kind; ``key_columns``
are the keys of large tables.
"""
