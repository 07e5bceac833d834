import pytest

from rai import ArgumentError
from rai.measure.thresholds.limits import Limit, limit_of


def test_what_a_limit_counts(audit_of, ask):
    asked = ask(audit_of(1_000), "group_thresholds")
    cuts = asked.cuts[0]
    selected = cuts.tp + cuts.fp
    assert Limit("max_selected", 70).use(cuts).tolist() == selected.tolist()
    assert Limit("max_selection_rate", 0.2).cap(asked.everyone) == pytest.approx(200.0)
    precise = Limit("min_precision", 0.8)
    spent = precise.use(cuts)
    assert (spent <= 0).tolist() == [
        t >= 0.8 * s - 1e-12 for t, s in zip(cuts.tp, selected, strict=True)
    ]
    assert precise.cap(asked.everyone) == 0.0


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"max_selected": -1}, "max_selected: -1; expected a number of at least 0."),
        ({"max_selection_rate": 20}, "max_selection_rate: 20; expected a share between 0 and 1."),
        ({"min_precision": float("nan")}, "min_precision: nan; expected a share between 0 and 1."),
        (
            {"max_selected": 10, "min_precision": 0.5},
            "limits: 'max_selected', 'min_precision'; expected one limit at a time.",
        ),
    ],
)
def test_limits_that_mean_nothing(given, message):
    with pytest.raises(ArgumentError) as error:
        limit_of(**given)
    assert str(error.value) == message


def test_none_given_is_no_limit():
    assert limit_of(max_selected=None, min_precision=None) is None
