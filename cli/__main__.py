"""The command line, for people and scripts: ``counterfoil`` (= ``python -m cli``).

Each command prints an account people can read, or with ``--json`` one JSON object and nothing
else. Exit codes: 0 done, previewed or nothing to do; 2 the file, the command or a setting needs fixing;
3 needs approval; 4 finished with rejects, held rows, conflicts or unknowns; 5 a system was
unavailable; 1 a fault of ours.
"""

from collections.abc import Mapping

from cli.commands import group, of_shops
from cli.domains import flows_of_domains

IMPORTS: Mapping[str, str] = flows_of_domains()
"""What ``counterfoil run`` imports, each with its flow."""

COMMANDS: Mapping[str, str] = {
    "sync-orders": "flows.sync_orders.sync_orders",
    "reconcile-orders": "flows.reconcile_orders.reconcile_orders",
    "push-products": "flows.push_products.push_products",
    "nudge": "flows.nudge.nudge",
    "resolve": "flows.resolve_loyalty.resolve_loyalty_failures",
    "headings": "flows.learn_headings.learn_headings",
    "invite": "flows.invite_customers.invite_customers",
    "confirm": "flows.confirm_upload.confirm_upload",
    "restore": "flows.restore.restore",
    "show": "cli.ledger.show",
    "runs": "cli.ledger.list_runs",
    "get": "cli.ledger.get",
    "approve": "cli.decisions.approve",
    "turn-down": "cli.decisions.turn_down",
    "drop": "cli.decisions.drop",
    "verify-run": "cli.ledger.verify_run",
    "put": "cli.inbox.put",
    "template": "cli.template.template",
    "suppress": "cli.suppressions.suppress",
    "simulate": "cli.simulation.simulate",
    "doctor": "cli.doctor.doctor",
    "desk": "cli.desk.desk",
    "prepare-target": "cli.target.prepare_target",
    "connect": "cli.connect.connect",
    "map-database": "cli.mappings.map_database",
}
"""The others: what runs a flow, and what needs no Prefect."""

PEOPLE: Mapping[str, str] = {
    "add": "cli.people.add",
    "link": "cli.people.link",
    "identify": "cli.people.identify",
    "forget-passkeys": "cli.people.forget_passkeys",
    "remove": "cli.people.remove",
    "list": "cli.people.list_people",
}

counterfoil = of_shops(
    group(
        "counterfoil",
        "Change a retailer's data in bulk: checked, shown, approved, applied once, read back, undoable.",
        COMMANDS,
        group("run", "Import a file.", IMPORTS),
        group("shops", "The shops of a group.", {"check": "cli.shops.check"}),
        group("people", "Who may do what at the desk.", PEOPLE),
        group("audit", "Who did what.", {"verify": "cli.audit.verify", "show": "cli.audit.show"}),
        group(
            "export", "Write what a target holds as a file.", {"customers": "flows.export_customers.export_customers"}
        ),
    )
)


def main() -> None:
    """Run a command as it was typed."""
    counterfoil(prog_name="counterfoil")


if __name__ == "__main__":
    main()
