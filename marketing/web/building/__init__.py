"""From what queries returned to the views that pages print; no database in here."""
