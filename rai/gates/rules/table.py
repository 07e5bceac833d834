"""Every kind of rule. To add one, add its class here."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from rai.gates.rules.attributions import AttributionDrift, MaxAttribution
from rai.gates.rules.baselines import NoWorseThan
from rai.gates.rules.data_rules import DataCheckRule
from rai.gates.rules.drifts import Drift
from rai.gates.rules.fields import Rule
from rai.gates.rules.flips import FlipRate
from rai.gates.rules.gap_limits import MaxGap, MinRatio
from rai.gates.rules.metric_limits import Calibration, MaxMetric, MinMetric
from rai.gates.rules.sizes import MinN

RULES: tuple[type[Rule], ...] = (
    MaxGap,
    MinRatio,
    MaxMetric,
    MinMetric,
    NoWorseThan,
    Calibration,
    MinN,
    DataCheckRule,
    Drift,
    FlipRate,
    MaxAttribution,
    AttributionDrift,
)

AnyRule = Annotated[
    MaxGap
    | MinRatio
    | MaxMetric
    | MinMetric
    | NoWorseThan
    | Calibration
    | MinN
    | DataCheckRule
    | Drift
    | FlipRate
    | MaxAttribution
    | AttributionDrift,
    Field(discriminator="kind"),
]

BY_KIND = {rule.model_fields["kind"].annotation.__args__[0]: rule for rule in RULES}  # type: ignore[union-attr]
