"""What `manage.py doctor` says about Letta's database: one section a subject, each line with a next step."""

from agents_app.letta.diagnosis.lines import Line, Section
from agents_app.letta.diagnosis.sections import letta_sections

__all__ = ["Line", "Section", "letta_sections"]
