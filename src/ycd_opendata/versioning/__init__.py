"""Versions: what changed between two packages, the bump it needs, and change files."""
