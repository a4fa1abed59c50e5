"""Training sessions: who came, what was covered, certificates and sign-in sheets."""
