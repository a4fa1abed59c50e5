"""The demo caseload: five children on the night of 13 to 14 March 2017, as sheets that a council could have written.

All people, numbers and stories are invented. Must not be read by anything but the demo and the tests.
"""

from importlib.resources import files


def order() -> tuple[tuple[str, str], ...]:
    """Each kind and its file here, in the order of import: what is referred to comes before what refers."""
    return (
        ("practitioner", "practitioners.csv"),
        ("directory", "directory.csv"),
        ("child", "children.csv"),
        ("carer", "carers.csv"),
        ("placement", "placements.csv"),
        ("shift", "shifts.csv"),
        ("contact", "contacts.csv"),
        ("action", "actions.csv"),
    )


def sheet(file: str) -> str:
    """The text of one of the files."""
    return files("resources").joinpath("demo", file).read_text(encoding="utf-8")
