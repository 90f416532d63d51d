"""How letters with blanks appear to the whole system."""

from guanxi.channels.templates import operations
from guanxi.channels.templates.models import Template
from guanxi.kernel.records import RecordType, register

TEMPLATE = register(
    RecordType(
        model=Template,
        name="channels.template",
        plural="templates",
        writable=("name",),
        readonly=("channel", "purpose", *operations.TEXTS),
        columns=("name", "channel", "purpose", "updated_at"),
        sort="name",
        create=operations.write_template,
    )
)
