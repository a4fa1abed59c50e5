"""The council server: it stores all revisions and decides who may read what. The command ``hipss-council`` runs it."""
