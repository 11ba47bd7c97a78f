"""Every setting of Counterfoil, read from the environment when systems are opened.

Defaults run everything on this machine under ``COUNTERFOIL_HOME``. ``.env.example`` is
generated from this file. No setting is read anywhere else.
"""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, FilePath, SecretStr, ValidationError

from infra.system_settings import SystemSettings
from schemas.problems import SettingsNeedFixing


def _known_domain(name: str) -> str:
    # half a second to import, which commands that only look should not pay
    from schemas.domains import DOMAINS  # noqa: PLC0415

    if name not in DOMAINS:
        raise ValueError(f"{name} is none of {', '.join(DOMAINS)}")
    return name


DomainName = Annotated[str, AfterValidator(_known_domain)]


class UsualLimits(BaseModel):
    """What a run of one domain may change before it asks, where it is not what the domain says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: int | None = Field(None, ge=0)
    percent: int | None = Field(None, ge=0, le=100)
    added: int | None = Field(None, ge=0)
    amount: int | None = Field(None, ge=0)
    minutes: int | None = Field(None, ge=0)


class Settings(SystemSettings):
    """The settings, frozen: those of the installation and the shop, and those of its systems."""

    home: Path = Field(Path("var"), description="Folder of everything embedded: databases, S3 data, logs.")

    shops_file: FilePath | None = Field(
        None, description="A TOML file that names the shops of a group. Empty: there is one shop, that of the settings."
    )
    shop: str = Field("", description="The shop that a process works for, by its name in that file.")

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
    time_zone: str = Field("Europe/Paris", description="The shop's time zone, in reports and schedules.")

    max_file_bytes: int = Field(512 * 2**20, ge=1, description="Largest file accepted, also unpacked.")
    max_cell_chars: int = Field(
        32_767, ge=1, description="Longest cell accepted (32,767 is a spreadsheet's own limit)."
    )
    max_columns: int = Field(200, ge=1, description="Most columns accepted.")

    batch_rows: int = Field(50_000, ge=1, description="Changes that a target commits at once.")
    spot_check_rows: int = Field(300, ge=1, description="Customers on the sheet that a person ticks after an import.")
    limits: dict[DomainName, UsualLimits] = Field(
        {},
        description="What a run may change before it asks, by domain, where it is not the usual (docs/codes.md): "
        '{"gift-cards": {"rows": 2000, "amount": 500}}; percent, added and minutes too.',
    )
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

    @property
    def ledger(self) -> str:
        """URL of the ledger database."""
        return url_of_shop(self.shared_ledger, self.shop)

    @property
    def shared_ledger(self) -> str:
        """URL of the ledger of the installation: what shops share that have one account with a system."""
        return self.ledger_url or f"sqlite:///{self.home.resolve() / 'ledger.sqlite'}"

    @property
    def target(self) -> str:
        """URL of the sql target's database."""
        return self.target_url or url_of_shop(f"sqlite:///{self.home.resolve() / 'target.sqlite'}", self.shop)


def url_of_shop(url: str, shop: str) -> str:
    """Return where a shop of a group has its own: a file of its own on SQLite, else a schema in the same database."""
    if not shop:
        return url
    if url.startswith("sqlite"):
        stem, dot, ending = url.rpartition(".")
        return f"{stem}-{shop}{dot}{ending}" if dot and "/" not in ending else f"{url}-{shop}"
    mark = "&" if "?" in url else "?"
    return f"{url}{mark}options=-csearch_path%3D{schema_of_shop(shop)}"


def schema_of_shop(shop: str) -> str:
    """Name the schema of a shop's own tables."""
    return f"counterfoil_{shop.replace('-', '_')}"


def read_installation() -> Settings:
    """Read the settings from the environment, as they are for all shops.

    Raises:
        SettingsNeedFixing: Naming every variable that is wrong, not only the first.
    """
    try:
        return Settings()
    except ValidationError as error:
        wrong = "; ".join(f"COUNTERFOIL_{e['loc'][0]}".upper() + f": {e['msg']}" for e in error.errors())
        raise SettingsNeedFixing(f"The settings need fixing: {wrong}. See .env.example.") from None
