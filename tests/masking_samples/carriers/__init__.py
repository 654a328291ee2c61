"""Texts in which values occur: prose, data, code, logs."""
