"""Contacts out of a CSV or XLSX file: what its columns mean, what each row says, and what that changes."""
