"""Write the register of customers as a file of Tixly or of Lightspeed eCom."""

from prefect import flow

from schemas.customers import CUSTOMERS
from schemas.records import ExportDialect, RunReport
from schemas.target_names import CustomerTarget
from tasks.chain.begin import begin
from tasks.chain.flow_states import with_readable_state
from tasks.chain.forms import with_titles
from tasks.core.customers.export_file import ExportFormat
from tasks.customers.export import export
from tasks.customers.headings import dialect_as_saved


@with_titles
@flow(name="export-customers", flow_run_name="export customers: {dialect}")
@with_readable_state
def export_customers(
    dialect: ExportDialect = "lightspeed_ecom",
    target: CustomerTarget = "sql",
    format: ExportFormat = "csv",  # noqa: A002 - what people call it on the form
    headings: str = "",
    submitted_by: str = "",
) -> RunReport:
    """Write the register of customers as a file of Tixly or of Lightspeed eCom.

    Nothing changes. Importing the file as it is asks for nothing either; so it can be edited, and imported
    with only the edits as changes.

    Args:
        dialect: How the file is written: as Tixly exports it, or as Lightspeed eCom does.
        target: Whose register: the database (sql), or the last export of Tixly (tixly) or of Lightspeed
            eCom (lightspeed_ecom_csv), or eCom itself (lightspeed_ecom), Lightspeed X-Series
            (lightspeed_x_customers) or a WooCommerce shop (woocommerce_customers) by its interface, or the one for
            practice (memory).
        format: csv, or xlsx for a spreadsheet that would otherwise take the zeros off.
        headings: The name of saved headings, where the file's are to be others than usual.
        submitted_by: Who starts this run, for the record.
    """
    run = begin(
        domain=CUSTOMERS.name,
        flow="export-customers",
        mode="preview",
        target=target,
        source=f"the register in {target}",
        options={"dialect": dialect, "format": format, "headings": headings},
        submitted_by=submitted_by,
    )
    return export(run, CUSTOMERS, dialect_as_saved(dialect, headings), format)
