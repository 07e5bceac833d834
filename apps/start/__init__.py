"""The parts of the start page: bundled data, files of one's own, and which column is what.

bundled.draw()      own_files.draw() ─▶ roles.draw(frame) ─▶ Project
"""
