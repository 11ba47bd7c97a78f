"""Every setting of Counterfoil, read from the environment when systems are opened.

Defaults run everything on this machine under ``COUNTERFOIL_HOME``. ``.env.example`` is
generated from this file. No setting is read anywhere else.
"""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, FilePath, SecretStr, ValidationError, model_validator

from infra.system_settings import SystemSettings
from schemas.approval_policy import Proof as ApprovalProof
from schemas.problems import SettingsNeedFixing
from schemas.tables import Language


def _known_domain(name: str) -> str:
    # half a second to import, which commands that only look should not pay
    from schemas.domains import DOMAINS  # noqa: PLC0415

    if name not in DOMAINS:
        raise ValueError(f"{name} is none of {', '.join(DOMAINS)}")
    return name


_ROWS_HERE = 1_000_000
"""What one process joins with ease."""
_ROWS_WITH_WORKERS = 250_000
"""Small enough that each of several workers holds some at once, and that all end at about the same time."""

DomainName = Annotated[str, AfterValidator(_known_domain)]


Grant = Annotated[str, Field(pattern=r"^((\*|[a-z][a-z0-9-]{0,30}):)?(submit|approve|undo|look|people)$")]
"""A role in the one shop there is, or in the named one, or in all."""


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
    dask_scheduler: str = Field(
        "",
        pattern=r"^((tcp|tls)://\S+)?$",
        description="A Dask scheduler whose workers do what is done with each partition of a large file, such as "
        "tcp://10.0.0.5:8786. Empty: this process does it.",
    )
    dask_workers: int = Field(
        0, ge=0, description="Instead: so many Dask workers are started on this machine for each large run."
    )
    partition_rows: int = Field(
        0, ge=0, description="Rows in one partition of a file, about. 0: 250,000 with Dask, else 1,000,000."
    )
    spot_check_rows: int = Field(300, ge=1, description="Customers on the sheet that a person ticks after an import.")
    limits: dict[DomainName, UsualLimits] = Field(
        {},
        description="What a run may change before it asks, by domain, where it is not the usual (docs/codes.md): "
        '{"gift-cards": {"rows": 2000, "amount": 500}}; percent, added and minutes too.',
    )
    plan_ttl_hours: float = Field(72, gt=0, description="How long a plan may be approved and applied.")
    approver_must_differ: bool = Field(False, description="Whether who submits a run may not approve it.")
    approver_must_differ_above: int | None = Field(
        None,
        ge=0,
        description="Above how much money that a file moves, however it is cut, in whole units of its currency, it "
        "needs an approval, and not of whoever submits it. Empty: no amount.",
    )
    approval_proof: ApprovalProof = Field(
        "name",
        description="What an approval takes: a name, or the signature of a passkey, given on the page of the run at "
        "the desk.",
    )
    link_ttl_hours: int = Field(168, ge=1, le=168, description="How long links to reports in Prefect work.")
    start_minutes: float = Field(
        10, gt=0, description="How long servers started here may take until they answer, on a busy machine."
    )
    idle_minutes: int = Field(15, ge=1, description="When servers started by the command line end by themselves.")

    desk_url: str = Field(
        "",
        pattern=r"^(https?://[^\s/]+)?$",
        description="Where people reach the desk, such as https://desk.example.com. Empty: on this machine alone.",
    )
    desk_session_hours: float = Field(12, gt=0, description="How long people stay signed in at the desk.")

    oidc_issuer: str = Field(
        "",
        pattern=r"^(https://[^\s?#]+|http://(127\.0\.0\.1|localhost)(:\d+)?(/[^\s?#]*)?)?$",
        description="The identity provider by which people sign in at the desk (OpenID Connect), exactly as it calls "
        "itself, such as https://login.example.com/realms/group. Empty: accounts of the desk's own alone.",
    )
    oidc_client_id: str = Field("", description="Client id of the desk at the identity provider.")
    oidc_client_secret: SecretStr = Field(
        SecretStr(""), description="Client secret that belongs to it. Empty: it has none."
    )
    oidc_label: str = Field("your organisation", description="What people call the identity provider.")
    oidc_scopes: str = Field(
        "openid profile", pattern=r"^openid( [\w.:/-]+)*$", description="What the identity provider is asked for."
    )
    oidc_name_claim: str = Field(
        "name", description="The claim by which the identity provider says what one is called."
    )
    oidc_groups_claim: str = Field("groups", description="The claim in which it lists their groups or roles there.")
    oidc_roles: dict[str, tuple[Grant, ...]] = Field(
        {},
        description="What people may do at the desk by their groups there, of one shop or of all (*): "
        '{"tills": ["submit"], "managers": ["lyon:approve", "*:look"]}. It is then all they may do. Empty: what '
        "counterfoil people add gave them.",
    )
    oidc_unknown: Literal["refuse", "make"] = Field(
        "refuse", description="Whether somebody whom the ledger does not know gets an account when they sign in there."
    )
    oidc_ca_file: FilePath | None = Field(
        None, description="Certificates to trust of the identity provider. Empty: those of this machine."
    )

    language: Language = Field(
        "en", description="Language of reports, worklists and messages where nobody's own is known: en, sv, fr or nl."
    )
    shop_name: str = Field("", description="The shop's name, in mails to customers.")
    forgot_password_url: str = Field(
        "", pattern=r"^(https?://\S+)?$", description="The shop's page on which customers set a new password."
    )

    @model_validator(mode="after")
    def _expect_whole_provider(self) -> Self:
        if self.oidc_issuer and not (self.oidc_client_id and self.desk_url):
            raise ValueError("COUNTERFOIL_OIDC_ISSUER needs COUNTERFOIL_OIDC_CLIENT_ID and COUNTERFOIL_DESK_URL too")
        return self

    @property
    def has_workers(self) -> bool:
        """Whether other processes do what is done with each partition."""
        return bool(self.dask_scheduler or self.dask_workers)

    @property
    def rows_a_partition(self) -> int:
        """How many rows one partition of a file has, about."""
        return self.partition_rows or (_ROWS_WITH_WORKERS if self.has_workers else _ROWS_HERE)

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


def _wrong(place: tuple[int | str, ...], says: str) -> str:
    return f"{f'COUNTERFOIL_{place[0]}'.upper()}: {says}" if place else says


def read_installation() -> Settings:
    """Read the settings from the environment, as they are for all shops.

    Raises:
        SettingsNeedFixing: Naming every variable that is wrong, not only the first.
    """
    try:
        return Settings()
    except ValidationError as error:
        wrong = "; ".join(_wrong(each["loc"], each["msg"]) for each in error.errors())
        raise SettingsNeedFixing(f"The settings need fixing: {wrong}. See .env.example.") from None
