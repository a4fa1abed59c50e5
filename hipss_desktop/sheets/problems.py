"""Problems: why a line, a column or a cell of a sheet cannot be used, and how that is said.

What stood in a cell is a value of its own, apart from the sentence. It is only shown to the person who imports the sheet,
and never part of an exception or a log.
"""

from dataclasses import dataclass, field

LONGEST_VALUE = 60
"""Characters of a cell that a problem shows; the line and the column find the rest."""


@dataclass(frozen=True)
class LineProblem:
    """Why a row, or a column, cannot be used.

    Attributes:
        line: the line of the file, 0 for the file as a whole.
        column: the column, '' for the whole line.
        message: a sentence, which never repeats the text of a cell.
        value: the text of the cell, shortened; '' if the cell is empty or the problem is not about one cell. It follows
            from the line and the column, so it does not tell problems apart.
    """

    line: int
    column: str
    message: str
    value: str = field(default="", compare=False)

    @property
    def words(self) -> str:
        """The problem as a person reads it: "line 3, Risk now, “Severe”: This is no choice for this column."."""
        parts = (f"line {self.line}" if self.line else "", self.column, f"“{self.value}”" if self.value else "")
        place = ", ".join(filter(None, parts))
        return f"{place}: {self.message}" if place else self.message


def shortened(cell: str) -> str:
    """The text of a cell in one line, as a problem shows it."""
    text = " ".join(cell.split())
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"
