"""Every setting of Counterfoil, read once from the environment.

Defaults run everything on this machine under ``COUNTERFOIL_HOME``. ``.env.example`` is
generated from this file. No setting is read anywhere else.
"""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import DirectoryPath, Field, FilePath, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from schemas.invitations import MailLanguage
from schemas.problems import SettingsNeedFixing


class Settings(BaseSettings):
    """The settings, frozen. Each field is the variable ``COUNTERFOIL_<FIELD>``."""

    model_config = SettingsConfigDict(env_prefix="COUNTERFOIL_", frozen=True, extra="ignore")

    home: Path = Field(Path("var"), description="Folder of everything embedded: databases, S3 data, logs.")

    ledger_url: str = Field("", description="SQLAlchemy URL of the ledger. Empty: SQLite under the home folder.")
    target_url: str = Field("", description="SQLAlchemy URL of the sql target. Empty: SQLite under the home folder.")

    s3_endpoint_url: str = Field("", description="An S3-compatible store. Empty: SeaweedFS is started here.")
    s3_bucket: str = Field("counterfoil", description="Bucket of inbox and artifacts. It must exist.")
    s3_region: str = Field("us-east-1", description="Region to sign requests for.")
    s3_access_key_id: str = Field("", description="Access key of the S3 store.")
    s3_secret_access_key: SecretStr = Field(SecretStr(""), description="Secret key of the S3 store.")

    currency: str = Field("EUR", pattern=r"^[A-Z]{3}$", description="ISO 4217 code of the shop's currency.")
    country: str = Field(
        "FR", pattern=r"^[A-Z]{2}$", description="ISO 3166 code of the country of telephone numbers that name none."
    )
    one_email_ignores: Literal["case", "case,plus", "case,dots,plus"] = Field(
        "case", description="What may differ in two e-mail addresses of one person: letter case, +tags, dots."
    )
    code_page: str = Field("windows-1252", description="How files are encoded that are neither marked nor UTF-8.")
    register_headings: str = Field(
        "", description="Name of the saved headings of register exports (tixly, lightspeed_ecom_csv). Empty: the usual."
    )
    tixly_api_url: str = Field(
        "",
        pattern=r"^(https?://\S+)?$",
        description="Address of Tixly's interface for reading, such as https://crmapi.tixnl.nl/v3; it differs by "
        "country. Empty: it is not asked, and uploads are confirmed by the next export alone.",
    )
    tixly_api_token: SecretStr = Field(SecretStr(""), description="Token for Tixly's interface.")
    tixly_api_asks_for: Literal["changed", "all"] = Field(
        "changed",
        description="Which customers are asked for: changed since the run (assumed: an upload counts as a change of "
        "theirs), or all, a page of 500 after the other.",
    )
    tixly_api_requests_per_minute: int = Field(
        60, ge=1, description="How many pages Tixly is asked for in a minute at most (assumed: no limit is documented)."
    )
    time_zone: str = Field("Europe/Paris", description="The shop's time zone, in reports (prefect.yaml has its own).")

    woo_url: str = Field(
        "", pattern=r"^(https?://[^\s?#]+)?$", description="Front page of the WooCommerce shop, https where it can."
    )
    woo_key: str = Field("", description="Consumer key of the shop's REST interface (ck_...).", repr=False)
    woo_secret: SecretStr = Field(SecretStr(""), description="Consumer secret that belongs to it (cs_...).")
    woo_keys_in: Literal["header", "query"] = Field(
        "header", description="Where the keys are sent: query where the server keeps the header from WordPress."
    )
    woo_source: str = Field(
        "woocommerce", pattern=r"^[a-z0-9_-]{1,32}$", description="What this shop's orders are called at the till."
    )
    woo_states: str = Field(
        "",
        description="What statuses mean to the till where it is not the usual, and those of plugins: "
        "shipped=closed, processing=parked.",
    )
    woo_sold_when: Literal["created", "paid"] = Field("created", description="When a sale was: as ordered or as paid.")
    woo_bundles: Literal["children", "parents", "both"] = Field(
        "children", description="Of a bundle and what is in it, which lines move stock."
    )
    woo_price_decimals: int | None = Field(
        None,
        ge=0,
        le=6,
        description="Number of decimals in the shop's settings (General), where it shows fewer than the currency has: "
        "it rounds totals to them, and lines may miss a total by as much. Empty: those of the currency.",
    )
    woo_catalogue_tax: Literal["with", "without"] = Field(
        "with", description="Whether prices of the shop's catalogue are with tax (assumed), as those of the till are."
    )
    woo_bare_refunds: Literal["reject", "amount"] = Field(
        "reject",
        description="A refund in a file that does not say what was given back: turn its order away, or take the "
        "amount and move no stock.",
    )
    woo_overlap_minutes: int = Field(
        10, ge=1, description="How far before its last end a sync begins again: the shop tells changes to the second."
    )
    woo_ca_file: FilePath | None = Field(None, description="Certificates to trust. Empty: those of this machine.")
    woo_timeout_seconds: float = Field(60, gt=0, description="How long an answer of the shop may take.")
    woo_connections: int = Field(2, ge=1, le=16, description="How many pages are asked for at a time.")
    woo_requests_per_minute: int | None = Field(
        None, ge=1, description="How many requests the shop gets in a minute at most. Empty: as fast as it answers."
    )

    woo_new_account_mail: Literal["off", "accept"] = Field(
        "off",
        description="off: customers are created only while the shop's own mail New account is switched off. accept: "
        "also while it mails everyone who is created.",
    )

    ecom_url: str = Field(
        "https://api.webshopapp.com",
        pattern=r"^https?://[^\s?#]+$",
        description="Lightspeed eCom's cluster: https://api.webshopapp.com (Europe) or https://api.shoplightspeed.com "
        "(America).",
    )
    ecom_key: SecretStr = Field(SecretStr(""), description="Key of the shop's API in Lightspeed eCom.")
    ecom_secret: SecretStr = Field(SecretStr(""), description="Secret that belongs to it.")
    ecom_language: str = Field(
        "en",
        pattern=r"^[a-z]{2}$",
        description="Language of the eCom shop that is spoken to, such as en, fr, nl or us.",
    )
    ecom_groups: Literal["write", "leave"] = Field(
        "write", description="Whether groups of customers in eCom are read and written, or left as they are."
    )
    ecom_groups_apart: str = Field(
        ",", pattern=r"^[^\w\s]$", description="What stands between the names of groups in a file for eCom (assumed)."
    )
    ecom_password_mails: bool = Field(
        False,
        description="Whether doNotifyPassword makes eCom send its own mail about passwords (assumed: try it on "
        "yourself). Needed by the channel ecom_password of invitations.",
    )
    ecom_timeout_seconds: float = Field(60, gt=0, description="How long an answer of eCom may take.")

    till_register: str = Field(
        "", description="Register that imported orders are booked on, by name or id. Empty: the only one there is."
    )

    max_file_bytes: int = Field(512 * 2**20, ge=1, description="Largest file accepted, also unpacked.")
    max_cell_chars: int = Field(
        32_767, ge=1, description="Longest cell accepted (32,767 is a spreadsheet's own limit)."
    )
    max_columns: int = Field(200, ge=1, description="Most columns accepted.")

    batch_rows: int = Field(50_000, ge=1, description="Changes that a target commits at once.")
    spot_check_rows: int = Field(300, ge=1, description="Customers on the sheet that a person ticks after an import.")
    plan_ttl_hours: float = Field(72, gt=0, description="How long a plan may be approved and applied.")
    approver_must_differ: bool = Field(False, description="Whether who submits a run may not approve it.")
    link_ttl_hours: int = Field(168, ge=1, le=168, description="How long links to reports in Prefect work.")
    start_minutes: float = Field(
        10, gt=0, description="How long servers started here may take until they answer, on a busy machine."
    )
    idle_minutes: int = Field(15, ge=1, description="When servers started by the command line end by themselves.")

    shop_name: str = Field("", description="The shop's name, in mails to customers.")
    forgot_password_url: str = Field(
        "", pattern=r"^(https?://\S+)?$", description="The shop's page on which customers set a new password."
    )
    mail_sender: str = Field("", description="Who mails come from, such as My Shop <hello@example.com>.")
    mail_reply_to: str = Field("", description="Where answers to mails go. Empty: to the sender.")
    mail_language: MailLanguage = Field(
        "en", description="Language of mails to people whose own is not known: en, fr, nl or sv."
    )
    mail_templates: DirectoryPath | None = Field(
        None, description="Folder with mail templates of your own, such as sv.txt.j2 and sv.html.j2. Empty: ours."
    )
    mails_per_minute: int = Field(60, ge=1, description="How many mails are sent in a minute at most.")
    smtp_host: str = Field("", description="The mail server. Empty: mails are written as .eml files and not sent.")
    smtp_port: int = Field(587, ge=1, le=65_535, description="Port of the mail server.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How the connection is kept private: starttls, tls (from the start) or none."
    )
    smtp_user: str = Field("", description="User at the mail server. Empty: no login.")
    smtp_password: SecretStr = Field(SecretStr(""), description="Password at the mail server.")
    smtp_ca_file: FilePath | None = Field(None, description="Certificates to trust. Empty: those of this machine.")
    smtp_timeout_seconds: float = Field(60, gt=0, description="How long an answer of the mail server may take.")

    astro_url: str = Field(
        "https://api.astroloyalty.com/api/json", pattern=r"^https?://\S+$", description="Address of Astro's API."
    )
    astro_user: str = Field(
        "", description="User at Astro's API. Empty: Astro is not asked, the point of sale's own sales have to do."
    )
    astro_password: SecretStr = Field(SecretStr(""), description="Password at Astro's API.")
    astro_client_id: str = Field("", description="Client id at Astro's API; Astro's support switches RestAPI on.")
    astro_requests_per_minute: int = Field(
        120, ge=1, description="How many requests Astro gets in a minute at most (assumed: no limit is documented)."
    )
    loyalty_relay_url: str = Field(
        "", pattern=r"^(https?://\S+)?$", description="Where a point of sale relays Astro's failures. Empty: nowhere."
    )
    loyalty_headings: str = Field("", description="Name of the saved headings of failure reports. Empty: the usual.")
    loyalty_apply: str = Field(
        "",
        pattern=r"^[a-z_, ]*$",
        description="Classes of loyalty failures, with commas between, that are put right without approval.",
    )
    loyalty_part_rows: int = Field(
        25_000, ge=1, description="Loyalty failures that a sweep holds in memory at once; never a part of a customer's."
    )
    loyalty_hide_proven: bool = Field(
        False, description="Whether failures that are proven to need nothing are closed without a person's decision."
    )
    notify_addresses: str = Field(
        "", description="Who is mailed when loyalty failures need someone: addresses, with commas between."
    )
    notify_blocks: str = Field(
        "", description="Prefect notification blocks to use too, such as slack-webhook/shop, with commas between."
    )

    @property
    def ledger(self) -> str:
        """URL of the ledger database."""
        return self.ledger_url or f"sqlite:///{self.home.resolve() / 'ledger.sqlite'}"

    @property
    def target(self) -> str:
        """URL of the sql target's database."""
        return self.target_url or f"sqlite:///{self.home.resolve() / 'target.sqlite'}"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the settings of this process.

    Raises:
        SettingsNeedFixing: Naming every variable that is wrong, not only the first.
    """
    try:
        return Settings()
    except ValidationError as error:
        wrong = "; ".join(f"COUNTERFOIL_{e['loc'][0]}".upper() + f": {e['msg']}" for e in error.errors())
        raise SettingsNeedFixing(f"The settings need fixing: {wrong}. See .env.example.") from None
