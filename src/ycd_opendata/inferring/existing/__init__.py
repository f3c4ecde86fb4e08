"""Descriptions that owners have already, as Table Schemas: one module a standard."""
