"""The parts of Overview: what is compared, blocks, queries behind bars, checks, tables, questions."""
