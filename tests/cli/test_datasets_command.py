"""`rai datasets`: the list, a card, and a name that is none."""

import rai


def test_data_sets_are_listed(run):
    done = run("datasets")
    assert done.exit_code == 0
    assert done.stdout == (
        "name               rows  sensitive_features     title\n"
        "acs_employment  277,677  disability, sex, race  ACS employment, Massachusetts, with a model's "
        "scores\n"
        "adult            48,842  sex, race              Adult (census income)\n"
        "german_credit     1,000  sex, age               German credit (Statlog)\n"
        "heart_disease       920  sex                    Heart disease, four sites\n"
        "\n"
        "A card:    rai datasets adult\n"
        "An audit:  rai audit dataset:acs_employment/2018\n"
    )
    assert tuple(line.split()[0] for line in done.stdout.splitlines()[1:5]) == rai.list_datasets()


def test_a_card_is_shown(run):
    done = run("datasets", "adult")
    assert (done.exit_code, done.stdout) == (0, rai.load_dataset("adult", "test").card.text)


def test_a_data_set_that_is_not_there(run):
    done = run("datasets", "german")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == (
        "dataset: 'german'; expected one of 'acs_employment', 'adult', 'compas', 'german_credit', "
        "'heart_disease'. Did you mean 'german_credit'?\n"
    )
