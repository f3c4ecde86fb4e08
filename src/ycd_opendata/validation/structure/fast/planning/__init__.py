"""What is checked in a table, as data: no part of it says with which library.

``plan`` derives it from a Table Schema. ``conditions`` and ``patterns`` say when a cell is surely
fine; ``plain_reading`` reads cells, and the limits of a schema, as frictionless does;
``extra_checks`` are those that frictionless does not make.
"""
