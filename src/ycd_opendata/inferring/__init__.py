"""From tables that nobody has described to a data package, each guess with its evidence."""
