"""A customer as a row: the one place where each column is declared, with its headings, its checks and their codes.

What dialects are beside their columns is in ``schemas.customers``, how cells are read in ``tasks.core.checking``.
"""

import pandera.polars as pa
import polars as pl

from schemas import customer_columns as of
from schemas.columns import column, heading
from schemas.customer_columns import optional


class Customers(pa.DataFrameModel):
    """One row a customer, as a file wants it to be, with those columns that the file has.

    ``customer_id`` is empty where the file asks for a new customer or names none. All else is text, and empty text
    clears what is there.
    """

    line: pl.UInt32 = pa.Field(ge=1, description="where the row stands in its file, from 1")
    customer_id: str = pa.Field(
        str_matches=of.CUSTOMER_NUMBER,
        description="the number of the customer's card",
        metadata=column(
            "customer_number",
            private=True,
            codes={"str_matches": "TIXLY_CUSTOMER_ID_NOT_INT"},
            tixly=heading(
                "CustomerID",
                "the number of the card; 0 makes a new customer",
                like=of.LIKE_A_NUMBER,
                place=1,
                en="Customer number|Customer no|Customer no.|Customer nr|Customer #|Client number|Client ID|Cust no"
                "|Cust. no.",
                fr="N° client|N° de client|Nº client|No client|No. client|Nr client|Numéro client|Numéro de client"
                "|Numero client|ID client|Code client",
                nl="Klantnummer|Klantnr|Klantnr.|Klant-ID",
                sv="Kundnummer|Kund-ID|Kundnr|Kundnr.|Kund no",
            ),
            lightspeed_ecom=optional(
                "Internal ID",
                "the number eCom gave; empty for a new customer",
                like=of.LIKE_A_NUMBER,
                place=1,
                fr="ID interne",
            ),
        ),
    )
    first_name: str | None = of.text(
        "the first name",
        tixly=optional("FirstName", place=2, fr="Prénom", nl="Voornaam", sv="Förnamn"),
        lightspeed_ecom=optional(
            "Firstname", place=4, required=True, en="Customer - First name", fr="Prénom", nl="Voornaam", sv="Förnamn"
        ),
    )
    name_prefix: str | None = of.text(
        "van, de, von",
        tixly=optional("LastNamePrefix", place=3, nl="Tussenvoegsel"),
        lightspeed_ecom=optional("LastnamePreposition", place=5, nl="Tussenvoegsel"),
    )
    last_name: str | None = of.text(
        "the last name",
        tixly=optional("LastName", place=4, fr="Nom", nl="Achternaam", sv="Efternamn"),
        lightspeed_ecom=optional(
            "Lastname",
            place=6,
            required=True,
            en="Customer - Last name",
            fr="Nom|Nom de famille",
            nl="Achternaam",
            sv="Efternamn",
        ),
    )
    email: str | None = of.email(
        "the e-mail address, the part after the @ in lower case",
        tixly=optional(
            "Email", "the e-mail address", place=5, fr="Courriel", nl="E-mailadres", sv="E-post|Epostadress"
        ),
        lightspeed_ecom=optional(
            "E-Mail",
            "the e-mail address",
            place=7,
            required=True,
            en="Customer - Email address|Email address",
            fr="Adresse électronique|Courriel",
            nl="E-mailadres",
            sv="E-post",
        ),
    )
    phone: str | None = of.phone(
        "the telephone number, E.164",
        tixly=optional("Phone", "the telephone number", place=6, fr="Téléphone", nl="Telefoon", sv="Telefon"),
        lightspeed_ecom=optional("Phone", "the telephone number", place=8, fr="Téléphone", nl="Telefoon", sv="Telefon"),
    )
    mobile: str | None = of.phone(
        "the mobile number, E.164",
        tixly=optional("Mobile", "the mobile number", place=7, fr="Portable", nl="Mobiel", sv="Mobil|Mobiltelefon"),
        lightspeed_ecom=optional("Mobile", "the mobile number", place=9, fr="Portable", nl="Mobiel", sv="Mobil"),
    )
    born_on: str | None = of.birth_day(
        "ISO 8601, such as 1988-04-02",
        tixly=optional("DateOfBirth", "such as 1988-04-02", place=13, nl="Geboortedatum", sv="Födelsedatum"),
        lightspeed_ecom=optional(
            "Birthdate", "such as 1988-04-02", place=34, fr="Date de naissance", nl="Geboortedatum"
        ),
    )
    gender: str | None = of.choice(
        "gender",
        "a word, or a number as Tixly has it",
        "male",
        "female",
        "other",
        "0",
        "1",
        "2",
        tixly=optional("Gender", "as Tixly numbers them", place=14, fr="Sexe", nl="Geslacht", sv="Kön"),
        lightspeed_ecom=optional("Gender", "male or female", place=35, fr="Sexe", nl="Geslacht", sv="Kön"),
    )
    language: str | None = of.letters(
        "language",
        "ISO 639-1, such as sv",
        r"^([a-z]{2})?$",
        tixly=optional("LanguageId", "the language", place=15, fr="Langue", nl="Taal", sv="Språk"),
        lightspeed_ecom=optional("Language", "two letters", place=3, fr="Langue", nl="Taal", sv="Språk"),
    )
    customer_type: str | None = of.text(
        "private or company",
        lightspeed_ecom=optional("Customer type", place=10, fr="Type de client", nl="Klanttype"),
    )
    company: str | None = of.text(
        "the company",
        lightspeed_ecom=optional("Company", place=11, fr="Entreprise|Société", nl="Bedrijf", sv="Företag"),
    )
    company_number: str | None = of.code(
        "its number in the register",
        lightspeed_ecom=optional("Coc number", place=12, nl="KvK-nummer", sv="Org.nr"),
    )
    vat_number: str | None = of.code(
        "its VAT number",
        lightspeed_ecom=optional("Vat number", place=13, en="Tax number", fr="Numéro de TVA", nl="BTW-nummer"),
    )
    attention: str | None = of.text(
        "who the invoice is for",
        lightspeed_ecom=optional("Attn", place=14, en="Billing attention", nl="T.a.v."),
    )
    street: str | None = of.text(
        "the street, and the number where there is no column for it",
        tixly=optional(
            "AddressOne", "street and number", place=8, en="Address 1", fr="Adresse", nl="Adres", sv="Adress"
        ),
        lightspeed_ecom=optional("Streetname", "the street", place=15, fr="Rue", nl="Straatnaam", sv="Gata"),
    )
    address_2: str | None = of.text(
        "more of the address",
        tixly=optional("AddressTwo", place=9, en="Address 2"),
        lightspeed_ecom=optional("Address 2", place=16, fr="Adresse 2", nl="Adres 2", sv="Adress 2"),
    )
    house_number: str | None = of.text(
        "the house number",
        lightspeed_ecom=optional("Number", place=17, fr="Numéro", nl="Huisnummer", sv="Nummer"),
    )
    house_extension: str | None = of.text(
        "what follows the number",
        lightspeed_ecom=optional("Extension", place=18, nl="Toevoeging"),
    )
    postcode: str | None = of.postcode(
        "country",
        tixly=optional("ZipCode", "the postcode", place=10, en="Zip", fr="Code postal", nl="Postcode", sv="Postnummer"),
        lightspeed_ecom=optional("Zipcode", "the postcode", place=19, fr="Code postal", nl="Postcode", sv="Postnummer"),
    )
    city: str | None = of.text(
        "the town",
        tixly=optional("City", place=11, fr="Ville", nl="Plaats|Woonplaats", sv="Ort|Postort|Stad"),
        lightspeed_ecom=optional("City", place=20, fr="Ville", nl="Plaats", sv="Stad"),
    )
    region: str | None = of.text(
        "the region",
        lightspeed_ecom=optional("Region", place=21, fr="Région", nl="Regio"),
    )
    country: str | None = of.country(
        "ISO 3166-1 alpha-2, such as SE",
        tixly=optional("Country", "name or two letters", place=12, fr="Pays", sv="Land"),
        lightspeed_ecom=optional("Country", "name or two letters", place=22, fr="Pays", nl="Land"),
    )
    shipping_attention: str | None = of.text(
        "who the parcel is for",
        lightspeed_ecom=optional("Shipping Attn", place=23),
    )
    shipping_company: str | None = of.text(
        "the company it goes to",
        lightspeed_ecom=optional("Shipping company", place=24),
    )
    shipping_street: str | None = of.text(
        "the street",
        lightspeed_ecom=optional("Shipping Streetname", place=25),
    )
    shipping_address_2: str | None = of.text(
        "more of the address",
        lightspeed_ecom=optional("Shipping Address 2", place=26),
    )
    shipping_house_number: str | None = of.text(
        "the house number",
        lightspeed_ecom=optional("Shipping Number", place=27),
    )
    shipping_house_extension: str | None = of.text(
        "what follows the number",
        lightspeed_ecom=optional("Shipping Extension", place=28),
    )
    shipping_postcode: str | None = of.postcode(
        "shipping_country",
        lightspeed_ecom=optional("Shipping Zipcode", "the postcode", place=29),
    )
    shipping_city: str | None = of.text(
        "the town",
        lightspeed_ecom=optional("Shipping City", place=30),
    )
    shipping_region: str | None = of.text(
        "the region",
        lightspeed_ecom=optional("Shipping Region", place=31),
    )
    shipping_country: str | None = of.country(
        "ISO 3166-1 alpha-2, such as SE",
        lightspeed_ecom=optional("Shipping Country", "name or two letters", place=32),
    )
    groups: str | None = of.text(
        "names of groups",
        lightspeed_ecom=optional("Groups", place=33, fr="Groupes", nl="Groepen", sv="Grupper"),
    )
    confirmed: str | None = of.choice(
        "truth",
        "whether the address was confirmed",
        "Yes",
        "No",
        lightspeed_ecom=optional("Confirmed", "Yes or No", place=36, fr="Confirmé", nl="Bevestigd", sv="Bekräftad"),
    )
    registered: str | None = of.instant(
        "since when, as the register says",
        lightspeed_ecom=optional(
            "Registered", "when eCom first knew the customer", place=2, fr="Inscrit", nl="Geregistreerd"
        ),
    )
    extra: str | None = of.personal(
        None,
        "a JSON object of columns that only their own system knows, byte for byte",
        {},
    )

    class Config:
        strict = True


CUSTOMER_COLUMNS = tuple(name for name in Customers.to_schema().columns if name not in ("line", "customer_id"))
"""What is known of a customer, all text."""
