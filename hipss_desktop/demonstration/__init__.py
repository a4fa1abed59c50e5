"""``python3 dev.py demo``: a council, its laptops, and a story of March 2017 played in their real windows. Part of the roof.

``stories`` lists what can be played: a ``night`` on call and a supervision ``visit``. ``player`` presses the keys, ``programs``
runs the council and the commands. All people are invented.
"""
