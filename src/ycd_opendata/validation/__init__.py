"""Validation of data packages in four layers: descriptor, form, structure, rules."""
