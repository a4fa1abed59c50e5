"""Tags: words that stand out beside a record or a person, with a tone and an icon. Must not draw them."""

from dataclasses import dataclass
from datetime import datetime

from hipss_desktop import times
from hipss_desktop.kinds.child import Child
from hipss_desktop.records.codes import Code, code_list


@dataclass(frozen=True)
class Tag:
    """A word that stands out: its tone (neutral, accent, amber, risk) and its icon's name, '' where it needs none."""

    words: str
    tone: str
    icon: str


def coded_tag(code: Code) -> Tag:
    """The tag of a code: its words, tone and icon as its list gives them."""
    words = code.more.get("tag") or code.label
    return Tag(words, code.more.get("tone") or "neutral", code.more.get("icon") or "")


def warnings(child: Child) -> tuple[Tag, ...]:
    """The legal status, warnings and allergies that stand at the top of a child's page and card."""
    found = []
    if child.legal_status:
        found.append(Tag(code_list("ssda903_legal_status").label(child.legal_status), "neutral", "shield"))
    for flag in child.flags:
        kind = code_list("flag_type").get(flag.type)
        if kind is not None and kind.code == "allergy" and child.allergies:
            continue
        level = code_list("flag_level").get(flag.level)
        words = kind.label if kind is not None and kind.code != "other" else flag.words or flag.type
        if level is not None and level.code in ("high", "medium", "low"):
            words = f"{words}, {level.label}"
        tone = level.more.get("tone", "risk") if level else "risk"
        found.append(Tag(words, tone, kind.more.get("icon", "alert") if kind else "alert"))
    for allergy in child.allergies:
        to = allergy.partition(":")[0].strip()
        found.append(Tag(f"Allergy: {to[:1].lower()}{to[1:]}", "risk", "heart"))
    return tuple(found)


def missing_tag(since: datetime | None, now: datetime) -> Tag | None:
    """Since when a child is missing, None for one who is not."""
    if since is None:
        return None
    return Tag(f"Missing since {times.since(since, now)}", "risk", "octagon")
