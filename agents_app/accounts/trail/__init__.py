"""The trail as evidence: sealed by the database, signed from time to time, checked by anybody."""
