"""`python -m cli`, as the scheduler starts its crawls."""

from cli import main

main()
