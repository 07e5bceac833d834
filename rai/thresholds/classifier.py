"""A threshold plan on a classifier, for scikit-learn: in a Pipeline, a grid search, or on its own.

fit      X, y ──cross-validation──▶ scores nobody learnt from ──▶ plan_        all rows ──▶ estimator_
predict  X ──estimator_──▶ scores, groups ──plan_──▶ labels
"""

# ruff: noqa: N803, N806  # X has this name throughout scikit-learn

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rai.audits import audit
from rai.ground.checks import check_choice
from rai.ground.errors import ArgumentError, RoleError, listing, sentence
from rai.thresholds.fitting import checked_fitted, is_fitted, labels_of, routed, splits_of, weights_of
from rai.thresholds.group_columns import Wanted, as_wanted, group_columns, named_groups, without_columns
from rai.thresholds.held_out_scores import (
    RESPONSES,
    Learning,
    Response,
    method_of,
    out_of_fold,
    positive_scores,
)
from rai.thresholds.optimizing import optimize_thresholds, problem_of
from rai.thresholds.plans import UNSEEN, ThresholdPlan, Unseen
from rai.thresholds.scikit_learn import (
    BaseEstimator,
    ClassifierMixin,
    MetaEstimatorMixin,
    available_if,
)

Floats = NDArray[np.float64]

_ASKED = (
    *("strategy", "objective", "cost_fp", "cost_fn", "benefit_tp", "benefit_tn", "tolerance"),
    *("randomized", "max_selected", "max_selection_rate", "min_precision"),
)


def _has(method: str) -> Callable[[Any], bool]:
    """Whether the classifier inside has a method; its own error says so where it hasn't."""

    def check(outer: Any) -> bool:
        getattr(getattr(outer, "estimator_", outer.estimator), method)
        return True

    return check


class ThresholdedClassifier(ClassifierMixin, MetaEstimatorMixin, BaseEstimator):  # type: ignore[misc]
    """A binary classifier that decides by the best thresholds under a fairness constraint.

    `fit` scores every row by a copy of the classifier that did not learn from it (cross-validation),
    chooses the thresholds from these scores as `rai.optimize_thresholds` does with exact bins, and then
    lets the classifier learn from all rows. `predict` scores with that classifier and decides by the
    plan. `predict_proba` and `decision_function` are those of the classifier: only decisions change.

    Groups are columns of X, so that nothing else has to be passed along in a `Pipeline`, in
    `cross_val_predict` or in `GridSearchCV`; or they are given to `fit` and `predict` as
    `sensitive_features=`, which metadata routing passes on after `set_fit_request` and
    `set_predict_request`. Scale or encode features inside of `estimator`, not before: groups need
    their levels, and a number between two levels names no group.

    Thresholds that differ by group may be unlawful, in lending and hiring for instance.

    Args:
        estimator: A classifier with `predict_proba` or `decision_function`, or a Pipeline of one.
        strategy, objective, cost_fp, cost_fn, benefit_tp, benefit_tn, tolerance, randomized,
            max_selected, max_selection_rate, min_precision: As for `rai.optimize_thresholds`;
            `max_selected` counts rows given to `fit`.
        sensitive_features: Names or positions of the columns of X that make up a group; None for the
            columns of a given plan, or for no groups: everyone has the same threshold.
        cuts: Column to the edges at which its numbers are cut into groups, or to a number of quantile
            groups.
        drop_sensitive_features: Whether these columns are kept from the classifier.
        cv: Where the thresholds come from. A number of parts, or any splitter of scikit-learn: each
            part is scored by a copy that learnt from the others. A share such as 0.3: that much is
            held out, and the classifier learns from the rest only. `"prefit"`: `estimator` is fitted,
            and X and y are rows that it has not seen; where copies are made of it, as in a grid search,
            wrap it in scikit-learn's `FrozenEstimator`.
        plan: A plan to decide by. Nothing is chosen then, and where `estimator` is fitted, `predict`
            works without `fit`.
        response_method: `predict_proba`, `decision_function`, or `auto`, the first there is.
        unseen: What decides for groups that the plan doesn't know: `error`, or `single_threshold`.
        pos_label: The label that is selected for; None for that of the plan, or for the second of
            `classes_`, as everywhere in scikit-learn.
        n_jobs: Copies that learn at the same time.
        random_state: Where lots come from, if decisions are drawn by lot, and which rows a share of
            them holds out. A number draws the same lots at every call: predict rows together then, as
            one by one each would get the first lot.

    Attributes:
        plan_: The `ThresholdPlan`: its thresholds, what it makes equal, at what price. Rates in it
            are of rows scored by copies, and so of rows that chose the thresholds: optimistic.
        estimator_: The classifier that scores.
        classes_: Both labels, sorted.
        n_features_in_, feature_names_in_: What `fit` saw, sensitive columns included.

    Raises:
        ArgumentError: If an argument is out of range, or no thresholds satisfy what is asked.
        DataError: If labels are not two, or a group is unknown.
        RoleError: If a column is missing, or holds something that names no group.
        ExtraError: If scikit-learn is not installed.

    Example:
        >>> import numpy as np
        >>> import pandas as pd
        >>> from sklearn.linear_model import LogisticRegression
        >>> rng = np.random.default_rng(0)
        >>> X = pd.DataFrame({"income": rng.normal(size=400), "sex": rng.choice(["F", "M"], 400)})
        >>> y = (X["income"] + (X["sex"] == "M") + rng.normal(size=400) > 0.5).astype(int)
        >>> model = ThresholdedClassifier(LogisticRegression(), strategy="equal_opportunity",
        ...     sensitive_features="sex", drop_sensitive_features=True).fit(X, y)
        >>> {key: round(threshold, 2) for key, threshold in model.plan_.thresholds.items()}
        {('F',): 0.62, ('M',): 0.46}
        >>> print(model.plan_.summary()[0])
        Equal true positive rates along sex, within 0.0161; least cost per row.
        >>> model.predict(X.head(3)).tolist()
        [0, 0, 1]

    Source: Hardt, Price and Srebro (2016), arXiv:1610.02413.
    """

    def __init__(
        self,
        estimator: Any,
        *,
        strategy: str = "single_threshold",
        sensitive_features: Wanted = None,
        cost_fp: float = 1.0,
        cost_fn: float = 1.0,
        benefit_tp: float = 0.0,
        benefit_tn: float = 0.0,
        objective: Literal["cost", "accuracy", "balanced_accuracy"] = "cost",
        tolerance: float = 0.0,
        randomized: bool = False,
        max_selected: float | None = None,
        max_selection_rate: float | None = None,
        min_precision: float | None = None,
        cuts: Mapping[str, Sequence[float] | int] | None = None,
        drop_sensitive_features: bool = False,
        cv: Any = 5,
        plan: ThresholdPlan | None = None,
        response_method: Response = "auto",
        unseen: Unseen = "error",
        pos_label: Any = None,
        n_jobs: int | None = None,
        random_state: Any = None,
    ) -> None:
        self.estimator = estimator
        self.strategy = strategy
        self.sensitive_features = sensitive_features
        self.cost_fp = cost_fp
        self.cost_fn = cost_fn
        self.benefit_tp = benefit_tp
        self.benefit_tn = benefit_tn
        self.objective = objective
        self.tolerance = tolerance
        self.randomized = randomized
        self.max_selected = max_selected
        self.max_selection_rate = max_selection_rate
        self.min_precision = min_precision
        self.cuts = cuts
        self.drop_sensitive_features = drop_sensitive_features
        self.cv = cv
        self.plan = plan
        self.response_method = response_method
        self.unseen = unseen
        self.pos_label = pos_label
        self.n_jobs = n_jobs
        self.random_state = random_state

    def fit(
        self, X: Any, y: Any, *, sample_weight: Any = None, sensitive_features: Any = None, **params: Any
    ) -> ThresholdedClassifier:
        """Choose the thresholds, and let the classifier learn.

        Args:
            X: Features, shape (rows, columns).
            y: Two labels, shape (rows,).
            sample_weight: Weights of rows, for the thresholds and for the classifier.
            sensitive_features: The group of each row, if it is no column of X: an array, a frame, or a
                dict of name to array.
            **params: More arguments of the classifier's `fit`, passed on by metadata routing.
        """
        from sklearn.utils import indexable
        from sklearn.utils.validation import validate_data

        asked = self._checked()
        X, y = indexable(X, y)
        y = labels_of(y)
        groups = {} if self.plan is not None else named_groups(self._groups(X, sensitive_features))
        validate_data(self, X, skip_check_array=True)
        sample_weight = weights_of(sample_weight, y)
        given = {"sample_weight": sample_weight, "sensitive_features": sensitive_features, **params}
        fit_params, split_params = routed(self, given)
        learning = Learning(
            estimator=self.estimator,
            table=self._seen_by_estimator(X),
            y=y,
            positive=self._positive(np.unique(y)),
            response=self.response_method,
            fit_params=fit_params,
        )
        scores = self._learn(learning, split_params)
        if scores is not None:
            self.plan_ = self._planned(learning, scores, groups, sample_weight, asked)
        return self

    def predict(self, X: Any, *, sensitive_features: Any = None) -> NDArray[Any]:
        """Decide: the label of each row, shape (rows,).

        Args:
            X: Features, shape (rows, columns).
            sensitive_features: The group of each row, if it is no column of X.

        Raises:
            NotFittedError: If there is no plan, or no fitted classifier.
        """
        from sklearn.utils import check_random_state

        estimator, plan = self._ready()
        groups = self._groups(X, sensitive_features)
        if plan.along and isinstance(groups, dict) and not groups:
            expected = f"{listing(plan.along)} of every row, as in fit"
            raise RoleError(sentence("predict", "no sensitive_features", expected=expected))
        positive = self._positive(estimator.classes_)
        seen = self._seen_by_estimator(X)
        scores = positive_scores(estimator, seen, positive=positive, response=self.response_method)
        drawn = any(rule.drawn for rule in plan.rules)
        rng = check_random_state(self.random_state).randint(2**31 - 1) if drawn else None
        selected = plan.apply(scores, groups, unseen=self.unseen, rng=rng)
        classes = np.asarray(estimator.classes_)
        order = classes if classes[1] == positive else classes[::-1]
        return order[selected.astype(np.intp)]

    @available_if(_has("predict_proba"))  # type: ignore[untyped-decorator]
    def predict_proba(self, X: Any) -> Floats:
        """Probabilities of both labels, of the classifier, shape (rows, 2)."""
        return np.asarray(self._asked_of_estimator("predict_proba", X))

    @available_if(_has("predict_log_proba"))  # type: ignore[untyped-decorator]
    def predict_log_proba(self, X: Any) -> Floats:
        """Logarithms of these probabilities, shape (rows, 2)."""
        return np.asarray(self._asked_of_estimator("predict_log_proba", X))

    @available_if(_has("decision_function"))  # type: ignore[untyped-decorator]
    def decision_function(self, X: Any) -> Floats:
        """Scores of the second label, of the classifier, shape (rows,)."""
        return np.asarray(self._asked_of_estimator("decision_function", X))

    def score(
        self, X: Any, y: Any, *, sample_weight: Any = None, sensitive_features: Any = None
    ) -> float:
        """Accuracy of the decisions."""
        from sklearn.metrics import accuracy_score

        decided = self.predict(X, sensitive_features=sensitive_features)
        return float(accuracy_score(y, decided, sample_weight=sample_weight))

    @property
    def classes_(self) -> NDArray[Any]:
        """Both labels, sorted."""
        return np.asarray(self._ready()[0].classes_)

    def get_metadata_routing(self) -> Any:
        """What is passed on to whom: to `fit` of the classifier, and to the splitter."""
        from sklearn.utils.metadata_routing import MetadataRouter, MethodMapping

        to_fit = MethodMapping().add(caller="fit", callee="fit")
        to_split = MethodMapping().add(caller="fit", callee="split")
        return (
            MetadataRouter(owner=type(self).__name__)
            .add_self_request(self)
            .add(estimator=self.estimator, method_mapping=to_fit)
            .add(splitter=self.cv, method_mapping=to_split)
        )

    def __sklearn_tags__(self) -> Any:
        from sklearn.utils import get_tags

        tags, inner = super().__sklearn_tags__(), get_tags(self.estimator)
        tags.classifier_tags.multi_class = False
        tags.input_tags.sparse = inner.input_tags.sparse
        tags.input_tags.allow_nan = inner.input_tags.allow_nan
        return tags

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "plan_") or (self.plan is not None and is_fitted(self.estimator))

    def _checked(self) -> dict[str, Any]:
        """What is asked of the plan, all arguments looked at before anything learns."""
        check_choice(self.response_method, ("auto", *RESPONSES), where="response_method")
        check_choice(self.unseen, UNSEEN, where="unseen")
        method_of(self.estimator, self.response_method)
        as_wanted(self.sensitive_features)
        asked = {name: getattr(self, name) for name in _ASKED}
        problem_of(**asked)
        return asked

    def _learn(self, learning: Learning, split_params: Mapping[str, Any]) -> Floats | None:
        """Set the classifier that scores; the scores to choose from, or None where a plan is given."""
        prefit = isinstance(self.cv, str) and self.cv == "prefit"
        if prefit:
            self.estimator_ = checked_fitted(self.estimator)
        if self.plan is not None:
            self.plan_ = self.plan
            self.estimator_ = self.estimator_ if prefit else learning.learnt()
            return None
        if prefit:
            return learning.scored(self.estimator_)
        splits, held_out_once = splits_of(
            self.cv, learning.table, learning.y, params=split_params, random_state=self.random_state
        )
        if not held_out_once:
            scores = out_of_fold(learning, splits, n_jobs=self.n_jobs)
            self.estimator_ = learning.learnt()
            return scores
        ((train, test),) = splits
        self.estimator_ = learning.learnt(train)
        scores = np.full(len(learning.y), np.nan)
        scores[test] = learning.scored(self.estimator_, test)
        return scores

    def _planned(
        self,
        learning: Learning,
        scores: Floats,
        groups: Mapping[str, Any],
        sample_weight: Any,
        asked: Mapping[str, Any],
    ) -> ThresholdPlan:
        """The plan for scores; rows without one, held out by no part, don't count."""
        found = audit(
            y_true=learning.y,
            y_score=scores,
            sensitive_features=groups or {"everyone": np.zeros(len(scores), dtype=np.int64)},
            sample_weight=sample_weight,
            positive_label=np.asarray(learning.positive).item(),
            thresholds=float(scores[np.isfinite(scores)][0]),
            bins="exact",
            cuts=self.cuts,
        )
        return optimize_thresholds(found, along=tuple(groups), **asked)

    def _groups(self, X: Any, given: Any) -> Any:
        """The groups of rows: as given, or columns of X by name; none where everyone is one group."""
        wanted = as_wanted(self.sensitive_features)
        if given is not None and wanted:
            seen = f"both {listing(wanted)} of X and an argument of that name"
            raise ArgumentError(sentence("sensitive_features", seen, expected="one of them"))
        if given is not None:
            return given
        if not wanted and self.plan is not None:
            wanted = tuple(self.plan.along)
        return group_columns(X, wanted)

    def _seen_by_estimator(self, X: Any) -> Any:
        """What the classifier sees of X."""
        wanted = as_wanted(self.sensitive_features)
        return without_columns(X, wanted) if wanted and self.drop_sensitive_features else X

    def _asked_of_estimator(self, method: str, X: Any) -> Any:
        """What the classifier says of X."""
        return getattr(self._ready()[0], method)(self._seen_by_estimator(X))

    def _positive(self, classes: NDArray[Any]) -> Any:
        """The label that is selected for, one of the two."""
        of_plan = None if self.plan is None else self.plan.positive_label
        wanted = of_plan if self.pos_label is None else self.pos_label
        if wanted is None:
            return classes[1]
        found = [label for label in classes if label == wanted]
        if not found:
            expected = f"one of the labels: {listing(classes.tolist())}"
            raise ArgumentError(sentence("pos_label", repr(wanted), expected=expected))
        return found[0]

    def _ready(self) -> tuple[Any, ThresholdPlan]:
        """The classifier that scores, and the plan that decides."""
        from sklearn.utils.validation import check_is_fitted

        check_is_fitted(self)
        if hasattr(self, "plan_"):
            return self.estimator_, self.plan_
        assert self.plan is not None
        return self.estimator, self.plan
