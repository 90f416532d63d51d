"""How people and organisations appear to the whole system."""

from guanxi.customers.customers import intake, operations, sharing
from guanxi.customers.customers.models import Customer
from guanxi.kernel.records import RecordType, register
from guanxi.workspace.imports.targets import importable

assert sharing  # the verb is declared with the noun
importable(intake.TARGET)
CUSTOMER = register(
    RecordType(
        model=Customer,
        name="customers.customer",
        plural="customers",
        writable=(
            "kind", "name", "key", "title", "gender", "birthday", "birth_year_known", "language", "zone", "country",
            "region", "city", "postcode", "address", "preferred_channel", "note",
            "id_number", "passport_number", "bank_account",
        ),
        readonly=("email", "phone", "lifecycle", "lifecycle_since", "lifecycle_cause"),
        columns=("name", "lifecycle", "email", "phone", "city", "owner", "created_at"),
        search={"name": "name", "key": "words"},
        found_by=("contact_points",),
        create=operations.create_customer,
        personal={
            "name": "replace", "title": "clear", "birthday": "clear", "postcode": "clear", "address": "clear",
            "note": "clear", "email": "clear", "phone": "clear", "key": "keep", "gender": "keep", "city": "keep",
            "id_number": "clear", "passport_number": "clear", "bank_account": "clear",
        },
    )
)  # fmt: skip
