"""A gate's result for other programs: JUnit, SARIF, GitHub annotations, in-toto; as text, never written.

    GateResult ──saying──▶ sentences ─┬▶ junit    a test report: CI blocks where the exit code does
                places ──▶ policy line ├▶ sarif    code scanning: an alert for each verdict to look at
                                       ├▶ github   annotations: one for each rule, ten at most
                                       └▶ in_toto  a statement to sign

To add a format that takes only a result, add a file here and a line in `OUTPUTS` in `table.py`.
"""
