"""How fields that the company adds appear to the whole system."""

from guanxi.kernel.models import CustomField
from guanxi.kernel.records import RecordType, register
from guanxi.workspace.custom_fields import operations

CUSTOM_FIELD = register(
    RecordType(
        model=CustomField,
        name="workspace.custom_field",
        plural="custom_fields",
        title="label",
        readonly=("label", "noun", "kind", "choices", "name"),
        columns=("label", "noun", "kind", "choices", "name"),
        sort="created_at",
        create=operations.add_field,
    )
)
