"""Which commit something was made in."""

import subprocess

import pytest

from rai.gates.revisions import Revision, revision_of

VARIABLES = ("GITHUB_SHA", "CI_COMMIT_SHA", "BUILD_SOURCEVERSION", "GIT_COMMIT")


@pytest.fixture
def git(tmp_path, monkeypatch):
    """Run git in a new repository, whatever the machine says of users and hooks."""
    for name in (*VARIABLES, "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CEILING_DIRECTORIES": str(tmp_path.parent),
    }.items():
        monkeypatch.setenv(name, value)

    def run(*arguments):
        command = [
            "git",
            "-c",
            "user.name=A",
            "-c",
            "user.email=a@example.org",
            "-C",
            str(tmp_path),
            *arguments,
        ]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    return run


@pytest.fixture
def commit(git, tmp_path):
    """A repository with one commit; its hash."""
    git("init", "-q")
    (tmp_path / "a.txt").write_text("1")
    git("add", "a.txt")
    git("commit", "-q", "-m", "first")
    return git("rev-parse", "HEAD")


def test_a_clean_checkout_is_its_commit(commit, tmp_path):
    assert len(commit) == 40
    assert revision_of(tmp_path) == Revision(commit, changed=False)


def test_a_file_that_is_changed_counts_and_one_that_is_new_does_not(commit, tmp_path):
    (tmp_path / "evidence.json").write_text("new")
    assert revision_of(tmp_path) == Revision(commit, changed=False)
    (tmp_path / "a.txt").write_text("2")
    assert revision_of(tmp_path) == Revision(commit, changed=True)


def test_a_folder_below_sees_changes_of_the_whole_repository(commit, tmp_path):
    (tmp_path / "below").mkdir()
    (tmp_path / "a.txt").write_text("2")
    assert revision_of(tmp_path / "below") == Revision(commit, changed=True)


def test_there_is_none_outside_of_a_repository_or_before_the_first_commit(git, tmp_path):
    assert revision_of(tmp_path) is None
    git("init", "-q")
    assert revision_of(tmp_path) is None
    assert revision_of(tmp_path / "nowhere") is None


@pytest.mark.parametrize("name", VARIABLES)
def test_a_pipeline_may_say_which_commit_it_runs(git, tmp_path, monkeypatch, name):
    monkeypatch.setenv(name, "f00d")
    assert revision_of(tmp_path) == Revision("f00d", changed=None)


def test_there_is_none_without_git(commit, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert revision_of(tmp_path) is None
