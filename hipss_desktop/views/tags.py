"""Tags: words emphasised beside a record or a person, with a tone and an icon. Must not draw them."""

from dataclasses import dataclass
from datetime import datetime

from hipss_desktop import times
from hipss_desktop.kinds.child import Child, full_name
from hipss_desktop.kinds.former_names import formerly
from hipss_desktop.records.codes import Code, code_list, within
from hipss_desktop.rules.missing import Episode


@dataclass(frozen=True)
class Tag:
    """Emphasised words, with a tone (neutral, accent, amber, risk) and the name of an icon, '' if there is none."""

    words: str
    tone: str
    icon: str


def coded_tag(code: Code) -> Tag:
    """The tag of a code, with the words, tone and icon from its list."""
    words = code.more.get("tag") or code.label
    return Tag(words, code.more.get("tone") or "neutral", code.more.get("icon") or "")


def former_name_tags(child: Child) -> tuple[Tag, ...]:
    """The names that the child had before, "Formerly Kai Moss", but for those that only spell the present name otherwise."""
    named = (row.name for row in child.former_names if formerly(row.name, full_name(child)))
    return tuple(Tag(f"Formerly {name}", "neutral", "history") for name in dict.fromkeys(named))


def warnings(child: Child) -> tuple[Tag, ...]:
    """The legal status, warnings and allergies at the top of a child's page and card."""
    tags = []
    if child.legal_status:
        tags.append(Tag(code_list("ssda903_legal_status").label(child.legal_status), "neutral", "shield"))
    for flag in child.flags:
        kind = code_list("flag_type").get(flag.type)
        if kind is not None and kind.code == "allergy" and child.allergies:
            continue
        level = code_list("flag_level").get(flag.level)
        words = kind.label if kind is not None and kind.code != "other" else flag.words or flag.type
        if level is not None and level.code in ("high", "medium", "low"):
            words = f"{words}, {within(level.label)}"
        tone = level.more.get("tone", "risk") if level else "risk"
        tags.append(Tag(words, tone, kind.more.get("icon", "alert") if kind else "alert"))
    for allergy in child.allergies:
        to = allergy.partition(":")[0].strip()
        tags.append(Tag(f"Allergy: {to[:1].lower()}{to[1:]}", "risk", "heart"))
    return tuple(tags)


def missing_words(episode: Episode, now: datetime) -> str:
    """The words that a child is missing, since they were last seen if that is known, else since it was reported."""
    if episode.last_seen is not None:
        return f"Missing since {times.since(episode.last_seen, now)}"
    return f"Reported missing {times.since(episode.reported, now)}" if episode.reported is not None else "Missing"


def missing_tag(episode: Episode | None, now: datetime) -> Tag | None:
    """The tag of a missing child, None if the child is not missing."""
    return Tag(missing_words(episode, now), "risk", "octagon") if episode is not None else None
