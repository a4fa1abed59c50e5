"""The stories that the demonstration can play, by name. It plays the first if the command names none."""

from collections.abc import Mapping

from hipss_desktop.demonstration.consultation import CONSULTATION
from hipss_desktop.demonstration.night import NIGHT
from hipss_desktop.demonstration.story import Story
from hipss_desktop.demonstration.visit import VISIT

STORIES: Mapping[str, Story] = {story.name: story for story in (NIGHT, VISIT, CONSULTATION)}
