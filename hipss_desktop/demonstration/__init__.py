"""``python3 dev.py demo``: plays a story of the spring of 2017 in real windows, with a council and its laptops.

``stories`` lists the stories: a ``night`` on call, a supervision ``visit``, and ``consultation``, which has two consultations and
a training morning. ``player`` presses the keys; ``programs`` runs the council and the commands. All people are invented. Like
the entry points, this package may import every other one.
"""
