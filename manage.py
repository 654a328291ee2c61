#!/usr/bin/env python
"""Django's command line for Letta Inspector."""

import os
import sys

from django.core.management import execute_from_command_line

from agents_app.letta.scoping.scope import trust_this_process

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
    trust_this_process()  # who may run commands on the server may read everything
    execute_from_command_line(sys.argv)
