"""Which answer each kind of person gets at each door: status, or where a redirection leads."""

KINDS = (
    "anonymous", "support_a", "support_b", "ops", "auditor", "admin", "superuser", "disabled", "expired", "no_factor",
)  # fmt: skip
GET: dict[str, str] = {}
POST: dict[str, str] = {}
