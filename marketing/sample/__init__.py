"""Two sample catalogues and the server that serves them: for demonstrations, drills and tests of the real pipeline."""
