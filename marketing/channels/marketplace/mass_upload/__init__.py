"""Mass-upload files: what a seller fills in by hand otherwise, per marketplace."""
