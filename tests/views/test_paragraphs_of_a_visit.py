"""What is said beside a paragraph of a visit: whether it is read back, which words about somebody else never are."""

from hipss_desktop.kinds.visit import VISIT
from hipss_desktop.views.paragraphs import paragraph_views

NOTE = VISIT.by_name["note"]


def test_only_what_is_read_to_the_household_says_that_it_is_read_back() -> None:
    note = [
        {"id": "a", "place": "1", "text": "Jo is tired.", "mark": "fact", "section": "going", "read_back": True},
        {"id": "b", "place": "2", "text": "She heard shouting.", "mark": "third_party", "read_back": True},
        {"id": "c", "place": "3", "text": "Kept out of it.", "mark": "opinion", "read_back": False},
    ]
    views = paragraph_views(NOTE, note, over={"a": "How it is going"})
    assert views is not None
    assert [(view.words, view.more) for view in views] == [
        ("Jo is tired.", "Read back"),
        ("She heard shouting.", ""),
        ("Kept out of it.", ""),
    ]
