"""Steps that only invitations have: whom to mail, mailing, and what became of it."""
