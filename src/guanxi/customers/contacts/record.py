"""How memberships in organisations appear to the whole system."""

from guanxi.customers.contacts.models import Contact
from guanxi.kernel.records import RecordType, register

CONTACT = register(
    RecordType(
        model=Contact,
        name="customers.contact",
        plural="contacts",
        title="role",
        writable=("person", "organisation", "role", "since", "until", "main"),
        columns=("person", "organisation", "role", "since"),
        parents={"organisation": "contacts", "person": "organisations"},
        seen_with="organisation",
        part=True,
        personal={"role": "keep"},
    )
)
