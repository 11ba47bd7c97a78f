"""Settings of the systems that a shop has: web shops, tills, mail, loyalty. Empty is: it is not used.

They are a part of ``infra.settings.Settings``, which is read and documented as a whole.
"""

from typing import Literal

from pydantic import DirectoryPath, Field, FilePath, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from schemas.invitations import MailLanguage
from schemas.notifications import NOTIFICATION_KINDS, USUAL_KINDS

PREFIX = "COUNTERFOIL_"


class SystemSettings(BaseSettings):
    """Each field is the variable ``COUNTERFOIL_<FIELD>``."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    own_database_url: SecretStr = Field(
        SecretStr(""),
        description="SQLAlchemy URL of a database of your own with gift cards or customers (target own_database): "
        "mysql://, postgresql://, mssql:// or sqlite:////.",
    )
    own_database_mappings: DirectoryPath | None = Field(
        None,
        description="Folder with gift-cards.toml and customers.toml, which say where these lie in it. Empty: mappings "
        "under the home folder.",
    )
    own_database_journal: Literal["bucket", "database"] = Field(
        "bucket",
        description="Where it is kept what became of each batch: in the bucket, so that nothing is made in that "
        "database, or in tables of ours there, which counterfoil prepare-target makes.",
    )
    own_database_journal_schema: str = Field(
        "", pattern=r"^\w*$", description="Schema of these tables (of MySQL: a database). Empty: the usual one."
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

    lightspeed_x_domain_prefix: str = Field(
        "",
        pattern=r"^[a-z0-9-]*$",
        description="What stands before .retail.lightspeed.app in the address of the shop's Lightspeed Retail "
        "(X-Series).",
    )
    lightspeed_x_token: SecretStr = Field(
        SecretStr(""), description="Personal token of Lightspeed Retail (X-Series), from Setup, Personal Tokens."
    )
    lightspeed_x_client_id: str = Field(
        "",
        description="Client id of your own Lightspeed application, in place of a personal token: then run counterfoil "
        "connect lightspeed-x once.",
    )
    lightspeed_x_client_secret: SecretStr = Field(SecretStr(""), description="Client secret that belongs to it.")
    lightspeed_x_redirect_port: int = Field(
        8977,
        ge=1024,
        le=65_535,
        description="Port of this machine that Lightspeed sends your browser back to, as registered for the "
        "application: http://127.0.0.1:8977/.",
    )
    lightspeed_x_version: str = Field(
        "2026-07", pattern=r"^20\d\d-(01|04|07|10)$", description="Version of Lightspeed's interface that is asked."
    )
    lightspeed_x_user: str = Field(
        "", description="Id of the Lightspeed user that changes are booked on. Empty: whoever the token belongs to."
    )
    lightspeed_x_updates: Literal["whole", "changed"] = Field(
        "whole",
        description="What a change of a customer sends to Lightspeed: whole, all that is known of them, so that "
        "nothing is lost where a write replaces what it does not name. changed: only what differs.",
    )
    lightspeed_x_marketing: Literal["deny", "allow"] = Field(
        "deny", description="Whether new customers in Lightspeed may be sent its marketing mails."
    )
    lightspeed_x_timeout_seconds: float = Field(60, gt=0, description="How long an answer of Lightspeed may take.")
    lightspeed_x_url: str = Field(
        "",
        pattern=r"^(https?://[^\s?#]+)?$",
        description="Address in place of https://PREFIX.retail.lightspeed.app, for a server of your own tests.",
    )

    lightspeed_x_payment_type: str = Field(
        "", description="Payment type, by name or id, that sales from orders are paid with in Lightspeed."
    )
    lightspeed_x_payment_types: str = Field(
        "",
        description="Payment types of Lightspeed, by name or id, by how an order was paid in the shop: stripe=Web "
        "card; bacs=Bank transfer. All others have the one above.",
    )
    lightspeed_x_taxes: str = Field(
        "",
        description="Taxes of Lightspeed, by name, with commas between, that lines of orders may be booked with. "
        "Empty: whichever has the rate of the line.",
    )
    lightspeed_x_shipping_product: str = Field(
        "", description="SKU of the product that shipping is booked on in Lightspeed. Empty: orders with it are held."
    )
    lightspeed_x_fee_product: str = Field(
        "", description="SKU of the product that fees are booked on in Lightspeed. Empty: orders with such are held."
    )
    lightspeed_x_refund_product: str = Field(
        "",
        description="SKU of the product that refunds of an amount, without goods, are booked on in Lightspeed. Empty: "
        "orders with such are held.",
    )
    lightspeed_x_returns: Literal["hold", "book"] = Field(
        "hold",
        description="Orders that something came back of: hold them, or book what came back as a sale below zero, on "
        "the day of the refund (assumed: Lightspeed takes such as a return).",
    )
    lightspeed_x_buyers: Literal["leave", "link"] = Field(
        "leave",
        description="Whether new sales from orders are linked to the customer in Lightspeed who has the address of the "
        "buyer. leave: sales have no customer (what its loyalty gives for old sales is not known).",
    )
    lightspeed_x_invoice_prefix: str = Field(
        "WEB-",
        pattern=r"^[\w-]{0,12}$",
        description="What stands before the number of an order in the invoice number of its sale in Lightspeed.",
    )
    lightspeed_x_lost_after_minutes: int = Field(
        0,
        ge=0,
        description="After so many minutes an adjustment of stock that Lightspeed neither answered nor shows never "
        "arrived, and is sent again (assumed: it may take 10). 0: never, a person looks.",
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
        "",
        description="Who is mailed, beside people with an account: addresses, with commas between. What loyalty "
        "failures need someone for is told them too.",
    )
    notify_blocks: str = Field(
        "", description="Prefect notification blocks to use too, such as slack-webhook/shop, with commas between."
    )
    notify_of: str = Field(
        ",".join(USUAL_KINDS),
        pattern=rf"^(({'|'.join(NOTIFICATION_KINDS)}),?)*$",
        description="What these addresses and blocks are told; summary, each morning, may be added.",
    )
    notify_rejects_above: int = Field(
        10, ge=0, description="People are told of rejects where a run has more rejected rows than this."
    )
