"""The least-privilege role: its script, and the direct connection that is enough to write it."""

from agents_app.letta.provision.direct import direct_connection
from agents_app.letta.provision.script import ROLE, UnfitRole, provision_script

__all__ = ["ROLE", "UnfitRole", "direct_connection", "provision_script"]
