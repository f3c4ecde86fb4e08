"""The tables as a workbook to edit, and the edits back."""
