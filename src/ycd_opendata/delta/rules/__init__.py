"""The rules about our tables: what no single record tells, or no SQL expression can."""
