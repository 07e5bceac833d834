"""Where a policy stands: from the top of its repository, and never with a directory of the machine."""

import pytest

from rai.gates.outputs.places import policy_place


@pytest.fixture
def policy(tmp_path, monkeypatch):
    """A policy in a folder of a folder, in which we stand."""
    folder = tmp_path / "top" / "below"
    folder.mkdir(parents=True)
    (folder / "policy.yaml").write_text("version: 1")
    monkeypatch.chdir(folder)
    return folder / "policy.yaml"


def test_in_a_repository_a_path_starts_at_its_top(policy, tmp_path):
    (tmp_path / "top" / ".git").mkdir()
    assert policy_place("policy.yaml") == policy_place(str(policy)) == "below/policy.yaml"
    assert policy_place("../below/policy.yaml") == "below/policy.yaml"


def test_a_work_tree_whose_git_is_a_file_is_one_too(policy):
    (policy.parent / ".git").write_text("gitdir: elsewhere")
    assert policy_place(str(policy)) == "policy.yaml"


def test_without_a_repository_a_path_starts_where_we_stand(policy, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert policy_place(str(policy)) == policy_place("top/below/policy.yaml") == "top/below/policy.yaml"


def test_of_a_file_elsewhere_only_the_name_is_told(policy, tmp_path, monkeypatch):
    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.chdir(other)
    assert policy_place(str(policy)) == policy_place("../top/below/policy.yaml") == "policy.yaml"


def test_a_file_that_is_not_here_is_told_as_it_was_named(policy):
    assert policy_place("policies/a.yaml") == "policies/a.yaml"
    assert policy_place("four-fifths") == "four-fifths"
    assert policy_place("../a.yaml") == policy_place(str(policy.parent / "a.yaml")) == "a.yaml"
    assert policy_place("") == ""


def test_a_link_keeps_its_own_name(policy):
    (policy.parent / "link.yaml").symlink_to(policy)
    assert policy_place("link.yaml") == "link.yaml"


def test_a_path_that_no_file_can_have_is_no_error(policy):
    for name in ("a\x00b.yaml", "a" * 5000):
        assert policy_place(name) == name
