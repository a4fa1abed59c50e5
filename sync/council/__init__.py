"""The council server: it holds all revisions, decides who may read what, and is run with ``hipss-council``."""
