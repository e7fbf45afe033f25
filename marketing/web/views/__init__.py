"""What each page receives: frozen values, ready to print. Templates never see rows of the database."""
