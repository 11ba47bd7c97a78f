"""Whether the approvals by which a run wrote were signed as it is said, checked without asking anybody."""

import hashlib
from collections.abc import Sequence

from infra.context import ledger, settings, shared_ledger
from infra.ledger import RunEntry
from infra.ledger.audit import AuditBook
from infra.ledger.passkeys import PasskeyBook
from infra.passkeys import check_proof, key_print, load_proof
from schemas import file_names
from schemas.passkeys import Passkey, Proof, Statement
from schemas.people import Action
from schemas.problems import Refused
from schemas.records import Approval, Artifact
from tasks.chain.compare_plans import is_left_of
from tasks.core.planning.concerns import names_of


def check_approvals(entry: RunEntry, files: Sequence[Artifact]) -> tuple[Approval, ...]:
    """Return the approvals by which a run was let through; what was signed holds, and is kept among its *files*.

    Raises:
        Refused: A signature does not hold, is about another plan, was used before, or is missing on one side.
    """
    run_id = entry.run.run_id
    used = ledger().decisions.list_used(run_id)
    signed = [each for each in used if each.proof]
    kept = {each.sha256 for each in files if each.name == file_names.APPROVAL}
    if kept != {_sha256(each.proof) for each in signed}:
        raise Refused(f"Run {run_id}: its signed approval and the ledger's are not the same. Do not rely on this run.")
    for each in signed:
        _check(each, load_proof(each.proof), entry)
    return used


def _check(approval: Approval, proof: Proof, entry: RunEntry) -> None:
    passkey = PasskeyBook(shared_ledger().engine).find(proof.credential_id)
    if passkey is None:
        raise Refused("Nobody knows the passkey of the approval. Do not rely on this run.")
    check_proof(proof, passkey)
    said = proof.statement
    about = (said.shop, said.plan_id, said.approver, said.reason)
    decided = (settings().shop, approval.plan_id, approval.approver, approval.reason)
    if about != decided or not _is_carried_out(said, entry):
        raise Refused("What was signed is not what was carried out. Do not rely on this run.")
    if said.asked_at > approval.decided_at or ledger().decisions.count_with(approval.proof) != 1:
        raise Refused("The signature was used before. Do not rely on this run.")
    _check_trail(approval, passkey)


def _is_carried_out(said: Statement, entry: RunEntry) -> bool:
    """Say whether a run carried out what was signed, or what was left of it, with no concern that was not signed."""
    applied = ledger().list_applied_plans(entry.run.run_id)
    if said.plan_id in {entry.plan_id, *(plan.plan_id for plan in applied)}:
        return True
    signed = ledger().get_plan(said.plan_id)
    rest = [*applied, *([ledger().get_plan(entry.plan_id)] if entry.plan_id else [])]
    return any(is_left_of(each, signed) and {*names_of(each.concerns)} <= {*said.concerns} for each in rest)


def _check_trail(approval: Approval, passkey: Passkey) -> None:
    """Expect that the audit trail tells of the passkey and of the signature: it is chained, so neither came later."""
    added = _told("passkey_added", passkey.credential_id)
    if (approval.approver, key_print(passkey.public_key)) not in added:
        raise Refused("The audit trail does not tell of the passkey of the approval. Do not rely on this run.")
    statement = load_proof(approval.proof).statement
    confirmed = f"{approval.plan_id} passkey {_sha256(approval.proof)}"
    if (approval.approver, confirmed) not in _told("confirmed", statement.run_id):
        raise Refused("The audit trail does not tell of the signed approval. Do not rely on this run.")


def _told(action: Action, about: str) -> set[tuple[str, str]]:
    entries = AuditBook(shared_ledger().engine).entries(about=about)
    return {(each.person, each.detail) for each in entries if each.action == action}


def _sha256(proof: str) -> str:
    return hashlib.sha256(proof.encode()).hexdigest()
