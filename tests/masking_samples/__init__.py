"""Samples for masking: texts with something to hide, and harmless ones.

Written from the vendors' documents and from how people write, apart from the rules that mask.
"""
