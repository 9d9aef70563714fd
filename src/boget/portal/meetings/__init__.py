"""The working group: its plan, meetings, minutes, decisions, positions and seminars."""
