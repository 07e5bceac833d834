"""The ground floor: errors, argument checks, formatting, records. Standard library only."""
