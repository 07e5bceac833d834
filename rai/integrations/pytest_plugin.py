"""A gate as tests: one test for each rule and what it is about, and fixtures for tests of your own.

    pytest --fairness-policy fairness.yaml --fairness-audit audit.json
        fairness.yaml::equal-opportunity-by-sex[sex]   passed · failed · skipped (waived) · xfailed

Nothing is loaded and nothing changes unless a policy is named or a fixture is used.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from rai import Audit, GateResult, Verdict

MARKER = "fairness: a verdict of a fairness policy"
STOPS = frozenset({"error", "fail", "inconclusive"})


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the plugin."""
    group = parser.getgroup("fairness", "hold a model against a fairness policy")
    group.addoption("--fairness-policy", metavar="FILE", help="The policy, a YAML file.")
    group.addoption("--fairness-audit", metavar="FILE", help="A saved audit.")
    group.addoption(
        "--fairness-data",
        metavar="FILE",
        help="Rows; under audit: the policy says which column is what.",
    )
    for name in ("policy", "audit", "data"):
        parser.addini(f"fairness_{name}", f"The same as --fairness-{name}, seen from this file.")


def pytest_configure(config: pytest.Config) -> None:
    """Collect the policy beside everything else."""
    config.addinivalue_line("markers", MARKER)
    policy = _policy(config)
    if policy is None:
        return
    folder = config.invocation_params.dir
    named = {_absolute(folder / arg.partition("::")[0]) for arg in config.args}
    asked = config.getoption("--fairness-policy") or config.args_source is not config.ArgsSource.ARGS
    if asked and policy not in named:
        config.args.append(str(policy))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """The policy that was named, as a file of tests."""
    if file_path == _policy(parent.config):
        made: PolicyFile = PolicyFile.from_parent(parent, path=file_path)
        return made
    return None


class PolicyFile(pytest.File):
    """A policy, held against the audit or the rows that were named.

    Example:
        >>> issubclass(PolicyFile, pytest.File)
        True
    """

    def collect(self) -> Iterator[pytest.Item]:
        """A test for each verdict."""
        from rai.ground.errors import RaiError

        try:
            result = _result(self.config, self.path)
        except RaiError as error:
            raise self.CollectError(str(error)) from error
        for verdict in result.verdicts:
            name = verdict.name.replace("\n", " ")
            yield VerdictItem.from_parent(self, name=name, verdict=verdict)


class VerdictItem(pytest.Item):
    """One verdict as a test.

    Example:
        >>> issubclass(VerdictItem, pytest.Item)
        True
    """

    def __init__(self, *, verdict: Verdict, **known: Any) -> None:
        super().__init__(**known)
        self.verdict = verdict
        self.add_marker("fairness")

    def runtest(self) -> None:
        """Fail, skip or pass, as the verdict says."""
        verdict = self.verdict
        self.user_properties += [("status", verdict.status), ("code", verdict.code)]
        if verdict.effect in STOPS:
            raise NotKeptError(verdict)
        if verdict.status == "waived":
            pytest.skip(verdict.waiver)
        if verdict.status != "pass":
            pytest.xfail(_told(verdict))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What was seen, without a traceback."""
        if isinstance(excinfo.value, NotKeptError):
            return _told(excinfo.value.verdict)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """The rule's line of the policy."""
        line = self.verdict.line
        return self.path, None if line is None else line - 1, self.name


class NotKeptError(Exception):
    """A verdict that stops the gate."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.name)
        self.verdict = verdict


@pytest.fixture
def fairness_gate() -> Callable[..., GateResult]:
    """`fairness_gate(audit, policy, …)`: `rai.gate`; the test fails unless the gate passes."""

    def held(audit: Any, policy: Any, **options: Any) -> GateResult:
        import rai

        result = rai.gate(audit, policy, **options)
        if result.exit_code:
            stops = [_told(verdict) for verdict in result.verdicts if verdict.effect in STOPS]
            pytest.fail("\n".join([result.headline, *stops]), pytrace=False)
        return result

    return held


@pytest.fixture(scope="session")
def fairness_audit(pytestconfig: pytest.Config) -> Audit:
    """The audit that `--fairness-audit` names."""
    import rai

    path = _given(pytestconfig, "audit")
    if path is None:
        pytest.skip("no --fairness-audit was given")
    return rai.Audit.load(path)


def _given(config: pytest.Config, name: str) -> str | None:
    """What the command line says, or else the ini file, where paths are seen from its folder."""
    given: str | None = config.getoption(f"--fairness-{name}")
    held = config.getini(f"fairness_{name}")
    if given or not held:
        return given
    return str((config.inipath.parent if config.inipath else config.rootpath) / held)


def _policy(config: pytest.Config) -> Path | None:
    """The policy's path as pytest writes paths: absolute, links not followed."""
    given = _given(config, "policy")
    return _absolute(config.invocation_params.dir / given) if given else None


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100  # resolve() would follow links


def _result(config: pytest.Config, policy: Path) -> GateResult:
    """The gate, once for each process; the same in all of them."""
    import rai
    from rai.ground.errors import ArgumentError, sentence

    audit, data = _given(config, "audit"), _given(config, "data")
    if audit is None and data is None:
        expected = "--fairness-audit, a saved audit; or --fairness-data, the rows"
        raise ArgumentError(sentence("--fairness-policy", "nothing to look at", expected=expected))
    return rai.gate(audit, policy, data=data)


def _told(verdict: Verdict) -> str:
    """A verdict in a few lines."""
    from rai.ground.formatting import counted, figure

    lines = [f"{verdict.name}: {verdict.status}: {verdict.reason}"]
    if verdict.value is not None:
        bounds = (
            ""
            if verdict.low is None and verdict.high is None
            else (f" [{figure(verdict.low)}, {figure(verdict.high)}]")
        )
        rows = "" if verdict.n is None else f", {counted(verdict.n, 'row')}"
        lines.append(f"  seen {figure(verdict.value)}{bounds}, limit {figure(verdict.limit)}{rows}")
    if verdict.rows_needed and verdict.status == "inconclusive":
        who = f" of {verdict.smallest}" if verdict.smallest else ""
        lines.append(f"  about {counted(verdict.rows_needed, 'row')}{who} would do")
    if verdict.line is not None:
        lines.append(f"  line {verdict.line} of the policy")
    return "\n".join(lines)
