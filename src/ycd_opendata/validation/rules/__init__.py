"""Layer 4: pandera schemas derived from the Table Schemas, and the named rules."""
