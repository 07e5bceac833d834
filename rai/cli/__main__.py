"""`python -m rai.cli`, the same as `rai`."""

from rai.cli import main

if __name__ == "__main__":
    main()
