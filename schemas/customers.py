"""Customers: the people a shop knows, as the files of two systems and a register hold them.

Sources: the help articles on the Tixly register and on importing eCom customers, contracts/tixly.md
3.1 and 3.2, contracts/lightspeed-ecom.md 2.2. Which values mean the same is decided in
``tasks.core.checking``, not here.
"""

from schemas.customer_rows import CUSTOMER_COLUMNS, CustomerRecords, Customers, People
from schemas.domain import Column, Dialect, Domain, Limits, NumberFormat, Resource

__all__ = ["CUSTOMERS", "CUSTOMER_COLUMNS", "LIGHTSPEED_ECOM", "TIXLY", "CustomerRecords", "Customers", "People"]

_DATES = ("born_on", "registered")


def _column(name: str, heading: str, description: str, **aliases: str) -> Column:
    """Make a column that files may leave out; *aliases* are headings by language, with bars between them."""
    named = {text: language for language, texts in aliases.items() for text in texts.split("|")}
    dates = name in _DATES
    return Column(name=name, heading=heading, description=description, aliases=named, required=False, dates=dates)


_ERRORS = {"en": "Error", "fr": "Erreur", "nl": "Fout", "sv": "Fel"}
_REFERENCE = "Counterfoil row"

_NUMBERS = {
    **dict.fromkeys(("Customer number", "Customer no", "Customer no.", "Customer nr", "Customer #"), "en"),
    **dict.fromkeys(("Client number", "Client ID", "Cust no", "Cust. no."), "en"),
    **dict.fromkeys(("Kundnummer", "Kund-ID", "Kundnr", "Kundnr.", "Kund no"), "sv"),
    **dict.fromkeys(("Klantnummer", "Klantnr", "Klantnr.", "Klant-ID"), "nl"),
    **dict.fromkeys(("N° client", "N° de client", "Nº client", "No client", "No. client", "Nr client"), "fr"),
    **dict.fromkeys(("Numéro client", "Numéro de client", "Numero client", "ID client", "Code client"), "fr"),
}
"""What a customer's number is called in a register of Tixly; dashes, blanks and letter case do not matter."""

_LIKE_A_NUMBER = (
    r"^(?:(?:kund|klant|client|customer|cust|member|medlem|membre|lid|adherent|person|people|contact|konto|account|kort"
    r"|kaart|carte|card|guest|gast|abonne|loyalty|user|register|tixly)s? ?"
    r"(?:nr|no|n|num|number|nummer|numero|id|key|ref|reference|code|kod)"
    r"|(?:n|no|nr|num|numero|number|nummer|id|ref|code) (?:du |de |d |of |l )?"
    r"(?:kund|klant|client|customer|member|medlem|membre|adherent|compte|carte|account)"
    r"|n|nr|no|id|uid|uuid|external id|lopnr|lopnummer|volgnummer)$"
)
"""Headings that look as if they were a customer's number, without accents and marks, in lower case."""

TIXLY = Dialect(
    name="tixly",
    columns=(
        Column(
            name="customer_id",
            heading="CustomerID",
            description="the number of the card; 0 makes a new customer",
            aliases=_NUMBERS,
            like=_LIKE_A_NUMBER,
        ),
        _column("first_name", "FirstName", "the first name", sv="Förnamn", nl="Voornaam", fr="Prénom"),
        _column("name_prefix", "LastNamePrefix", "van, de, von", nl="Tussenvoegsel"),
        _column("last_name", "LastName", "the last name", sv="Efternamn", nl="Achternaam", fr="Nom"),
        _column("email", "Email", "the e-mail address", sv="E-post|Epostadress", nl="E-mailadres", fr="Courriel"),
        _column("phone", "Phone", "the telephone number", sv="Telefon", nl="Telefoon", fr="Téléphone"),
        _column("mobile", "Mobile", "the mobile number", sv="Mobil|Mobiltelefon", nl="Mobiel", fr="Portable"),
        _column("street", "AddressOne", "street and number", sv="Adress", nl="Adres", fr="Adresse", en="Address 1"),
        _column("address_2", "AddressTwo", "more of the address", en="Address 2"),
        _column("postcode", "ZipCode", "the postcode", sv="Postnummer", nl="Postcode", fr="Code postal", en="Zip"),
        _column("city", "City", "the town", sv="Stad|Ort|Postort", nl="Plaats|Woonplaats", fr="Ville"),
        _column("country", "Country", "name or two letters", sv="Land", fr="Pays"),
        _column("born_on", "DateOfBirth", "such as 1988-04-02", sv="Födelsedatum", nl="Geboortedatum"),
        _column("gender", "Gender", "as Tixly numbers them", sv="Kön", nl="Geslacht", fr="Sexe"),
        _column("language", "LanguageId", "the language", sv="Språk", nl="Taal", fr="Langue"),
    ),
    number_format=NumberFormat(),
    error_headings=_ERRORS,
    reference_heading=_REFERENCE,
    separator=";",
    passes_through=True,
    numbers_by_zero=True,
    qualifiers=("dead", "live", "status"),
)
"""Assumed where the user's own export does not say otherwise: the headings are not public (tixly.md 3.2)."""

LIGHTSPEED_ECOM = Dialect(
    name="lightspeed_ecom",
    columns=(
        Column(
            name="customer_id",
            heading="Internal ID",
            description="the number eCom gave; empty for a new customer",
            aliases={"ID interne": "fr"},
            required=False,
            like=_LIKE_A_NUMBER,
        ),
        _column("registered", "Registered", "when eCom first knew the customer", fr="Inscrit", nl="Geregistreerd"),
        _column("language", "Language", "two letters", fr="Langue", nl="Taal", sv="Språk"),
        Column(
            name="first_name",
            heading="Firstname",
            description="the first name",
            aliases={"Prénom": "fr", "Voornaam": "nl", "Förnamn": "sv", "Customer - First name": "en"},
        ),
        _column("name_prefix", "LastnamePreposition", "van, de, von", nl="Tussenvoegsel"),
        Column(
            name="last_name",
            heading="Lastname",
            description="the last name",
            aliases={"Nom": "fr", "Nom de famille": "fr", "Achternaam": "nl", "Efternamn": "sv"}
            | {"Customer - Last name": "en"},
        ),
        Column(
            name="email",
            heading="E-Mail",
            description="the e-mail address",
            aliases={"Adresse électronique": "fr", "Courriel": "fr", "E-mailadres": "nl", "E-post": "sv"}
            | {"Customer - Email address": "en", "Email address": "en"},
        ),
        _column("phone", "Phone", "the telephone number", fr="Téléphone", nl="Telefoon", sv="Telefon"),
        _column("mobile", "Mobile", "the mobile number", fr="Portable", nl="Mobiel", sv="Mobil"),
        _column("customer_type", "Customer type", "private or company", fr="Type de client", nl="Klanttype"),
        _column("company", "Company", "the company", fr="Société|Entreprise", nl="Bedrijf", sv="Företag"),
        _column("company_number", "Coc number", "its number in the register", nl="KvK-nummer", sv="Org.nr"),
        _column("vat_number", "Vat number", "its VAT number", en="Tax number", fr="Numéro de TVA", nl="BTW-nummer"),
        _column("attention", "Attn", "who the invoice is for", en="Billing attention", nl="T.a.v."),
        _column("street", "Streetname", "the street", fr="Rue", nl="Straatnaam", sv="Gata"),
        _column("address_2", "Address 2", "more of the address", fr="Adresse 2", nl="Adres 2", sv="Adress 2"),
        _column("house_number", "Number", "the house number", fr="Numéro", nl="Huisnummer", sv="Nummer"),
        _column("house_extension", "Extension", "what follows the number", nl="Toevoeging"),
        _column("postcode", "Zipcode", "the postcode", fr="Code postal", nl="Postcode", sv="Postnummer"),
        _column("city", "City", "the town", fr="Ville", nl="Plaats", sv="Stad"),
        _column("region", "Region", "the region", fr="Région", nl="Regio"),
        _column("country", "Country", "name or two letters", fr="Pays", nl="Land"),
        _column("shipping_attention", "Shipping Attn", "who the parcel is for"),
        _column("shipping_company", "Shipping company", "the company it goes to"),
        _column("shipping_street", "Shipping Streetname", "the street"),
        _column("shipping_address_2", "Shipping Address 2", "more of the address"),
        _column("shipping_house_number", "Shipping Number", "the house number"),
        _column("shipping_house_extension", "Shipping Extension", "what follows the number"),
        _column("shipping_postcode", "Shipping Zipcode", "the postcode"),
        _column("shipping_city", "Shipping City", "the town"),
        _column("shipping_region", "Shipping Region", "the region"),
        _column("shipping_country", "Shipping Country", "name or two letters"),
        _column("groups", "Groups", "names of groups", fr="Groupes", nl="Groepen", sv="Grupper"),
        _column("born_on", "Birthdate", "such as 1988-04-02", fr="Date de naissance", nl="Geboortedatum"),
        _column("gender", "Gender", "male or female", fr="Sexe", nl="Geslacht", sv="Kön"),
        Column(
            name="confirmed",
            heading="Confirmed",
            description="Yes or No",
            aliases={"Confirmé": "fr", "Bevestigd": "nl", "Bekräftad": "sv"},
            required=False,
            holds="truth",
        ),
    ),
    number_format=NumberFormat(),
    error_headings=_ERRORS,
    reference_heading=_REFERENCE,
    codes=("company_number", "vat_number"),
    qualifiers=("dead", "live", "status"),
)
"""The 36 headings of the import (lightspeed-ecom.md 2.2); in other languages assumed."""

CUSTOMERS = Domain(
    name="customers",
    title="Customers",
    dialects=(TIXLY, LIGHTSPEED_ECOM),
    resource=Resource(
        name="customers",
        key="customer_id",
        columns=CUSTOMER_COLUMNS,
        known_by="email",
        names=("first_name", "last_name"),
        private=True,
    ),
    rows=(Customers, People),
    records=CustomerRecords,
    limits=Limits(changed_share=0.20, changed_rows_floor=50, changed_rows=5_000),
)
