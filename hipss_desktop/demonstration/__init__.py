"""``python3 dev.py demo``: a council, two laptops, and one night of 2017 played in their real windows. Part of the roof.

``night`` says what happens, ``player`` presses the keys, ``programs`` runs the council and the commands. All people are invented.
"""
