"""Gates: a policy of rules, held against an audit; a verdict for each rule and group.

    policy ─▶ rules ──questions──▶ bounds at any error ──Holm──▶ Verdicts ─▶ GateResult
    audit  ─▶ Case  ──answers───▶ what needs no interval ─────────┘

To add a kind of rule, add a class in `rules/` and a line in its tuple `RULES`.
"""

from rai.gates.gating import gate
from rai.gates.policies import Policy
from rai.gates.proposing import propose_policy
from rai.gates.results import GateResult

__all__ = ["GateResult", "Policy", "gate", "propose_policy"]
