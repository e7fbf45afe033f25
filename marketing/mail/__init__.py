"""The office's own mail: its sending domains, their keys and their standing in the world."""
