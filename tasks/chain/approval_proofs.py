"""Approvals that were signed with a passkey: checked by the run that goes by them, and kept with it."""

from infra.artifacts.run_files import save_bytes
from infra.clock import now
from infra.context import ledger, settings, shared_ledger
from infra.ledger.passkeys import PasskeyBook
from schemas import file_names
from schemas.problems import Refused
from schemas.records import Approval, Plan, Run
from tasks.core.planning.concerns import names_of


def keep_proof(run: Run, plan: Plan, approval: Approval) -> None:
    """Expect that an approval was signed as the ledger says, and keep the proof among the files of the run.

    Raises:
        Refused: It was not: another plan, other concerns, another person, or no signature of theirs; or the passkey
            was removed since, and nothing is written yet.
    """
    from infra.passkeys import check_proof, load_proof  # noqa: PLC0415 - it loads cryptography, and few runs need it

    proof = load_proof(approval.proof)
    passkey = PasskeyBook(shared_ledger().engine).find(proof.credential_id)
    if passkey is None:
        raise Refused(f"Nobody knows the passkey that approved plan {approval.plan_id}. Nothing was changed.")
    check_proof(proof, passkey)
    if passkey.removed_at is not None and not ledger().list_applied_plans(run.run_id):
        ledger().decisions.withdraw(approval.proof, now=now())
        raise Refused(
            f"The passkey that approved plan {approval.plan_id} was removed since, perhaps as it was lost. Nothing was "
            "changed. Run the same again, and approve the plan with another."
        )
    said = proof.statement
    if (said.shop, said.plan_id, said.approver) != (settings().shop, approval.plan_id, approval.approver):
        raise Refused(f"What was signed is no approval of plan {approval.plan_id}. Nothing was changed.")
    if not set(names_of(plan.concerns)) <= set(said.concerns):
        raise Refused(f"More is of concern about plan {plan.plan_id} than was signed. Nothing was changed.")
    save_bytes(run.run_id, file_names.APPROVAL, approval.proof.encode())
