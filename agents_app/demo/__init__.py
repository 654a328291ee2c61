"""Letta-shaped databases without Letta: releases as facts, a builder, a believable world."""
