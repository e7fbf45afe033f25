"""Tests. Whatever the environment says, they keep what Python compiles: each worker and each of the hundred processes
they start would compile all of Siar anew, which is half of what a start takes.
"""

import os
import sys

sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
