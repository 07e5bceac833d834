import pytest

from rai import plots
from rai.ground.errors import ArgumentError
from rai.values import Distributions


def test_labels_stand_back_to_back(scores):
    ax = plots.score_distributions(scores)
    labels = [label.get_text() for label in ax.get_yticklabels()]
    positive = int(scores.tally.by("site").n[0, 1].sum())
    assert labels[0] == f"A\n{positive} of 1, {400 - positive} of 0"
    negative, above = (part.get_paths()[0].get_extents() for part in ax.collections[:2])
    assert (round(negative.y0, 9), round(above.y1, 9)) == (0.0, 0.0)
    assert above.y0 < 0 < negative.y1


def test_bars_are_shares_of_their_label(scores):
    found = scores.score_distributions(by="site")
    ax = plots.score_distributions(found)
    share = {(part.group_name, part.label): part.share.max() for part in found if not part.note}
    tallest = max(value for (_, label), value in share.items() if label == 0)
    extents = ax.collections[0].get_paths()[0].get_extents()
    assert round(extents.y1, 6) == round(0.42 * share["A", 0] / tallest, 6)


def test_a_label_without_rows_is_written(scores):
    ax = plots.score_distributions(scores)
    undefined = [text for text in ax.texts if text.get_text() == "– undefined"]
    assert [round(text.get_position()[1], 1) for text in undefined] == [1.8]
    assert [text.get_text() for text in ax.texts if text not in undefined] == ["0.5"]


def test_nothing_can_not_be_drawn():
    with pytest.raises(ArgumentError) as error:
        plots.score_distributions(Distributions())
    assert str(error.value) == "plots.score_distributions: no distributions; expected at least one."
