"""How consents appear to the whole system."""

from guanxi.customers.consents import operations
from guanxi.customers.consents.models import Consent
from guanxi.kernel.records import RecordType, register

CONSENT = register(
    RecordType(
        model=Consent,
        name="customers.consent",
        plural="consents",
        title="purpose",
        readonly=(
            "customer", "contact_point", "purpose", "channel", "state", "at", "how", "wording", "language", "place",
        ),
        columns=("customer", "purpose", "channel", "state", "at", "how"),
        sort="-at",
        parents={"customer": "consents", "contact_point": "consents"},
        seen_with="customer",
        part=True,
        occurred="at",
        create=operations.give_consent,
        personal={"place": "keep", "wording": "keep"},
    )
)  # fmt: skip
