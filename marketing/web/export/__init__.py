"""The gallery as plain files, for offices that have a web space and no server: our own pages, asked for inside the process."""
