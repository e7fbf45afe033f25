"""Rows of cells out of the files that people keep (CSV and its kin, XLSX), safely; and back into such files."""
