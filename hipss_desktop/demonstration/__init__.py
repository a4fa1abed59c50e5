"""``python3 dev.py demo``: a council, its laptops, and a story of the spring of 2017 played in real windows. Part of the roof.

``stories`` lists what can be played: a ``night`` on call, a supervision ``visit``, and ``consultation``, two consultations and a
training morning. ``player`` presses the keys, ``programs`` runs the council and the commands. All people are invented.
"""
