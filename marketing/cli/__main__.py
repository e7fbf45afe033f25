"""`python -m marketing.cli`, which the supervisor uses to start its processes."""

from marketing.cli import main

main()
