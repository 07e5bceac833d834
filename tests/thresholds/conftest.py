"""Audits to choose thresholds on, and others to judge them on."""

import numpy as np
import pytest

import rai


@pytest.fixture(scope="session")
def audit_of():
    """An audit of made-up rows: two sexes, three regions, scores that know more of one sex."""

    def made(n=2_000, *, seed=0, **options):
        rng = np.random.default_rng(seed)
        sex, region = rng.choice(["F", "M"], n), rng.choice(["N", "S", "W"], n, p=[0.5, 0.4, 0.1])
        y = rng.random(n) < np.where(sex == "F", 0.25, 0.4)
        score = np.clip(0.3 + 0.25 * y * (1 + (sex == "M")) / 2 + rng.normal(0, 0.12, n), 0, 1)
        return rai.audit(
            y_true=np.where(y, "repaid", "defaulted"),
            y_score=score,
            sensitive_features={"sex": sex, "region": region},
            positive_label="repaid",
            **options,
        )

    return made


@pytest.fixture(scope="session")
def fitted(audit_of):
    return audit_of()


@pytest.fixture(scope="session")
def held_out(audit_of):
    return audit_of(seed=1)


@pytest.fixture(scope="session")
def plan(fitted):
    return rai.optimize_thresholds(fitted, strategy="equal_opportunity", along="sex", cost_fn=2.0)


@pytest.fixture(scope="session")
def lots(fitted):
    return rai.optimize_thresholds(
        fitted, strategy="equal_opportunity", along="sex", cost_fn=2.0, randomized=True
    )
