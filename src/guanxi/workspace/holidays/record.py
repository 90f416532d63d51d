"""How own days off and own working days appear to the whole system."""

from guanxi.kernel.records import RecordType, register
from guanxi.workspace.holidays import operations
from guanxi.workspace.holidays.models import Holiday

HOLIDAY = register(
    RecordType(
        model=Holiday,
        name="workspace.holiday",
        plural="holidays",
        readonly=("day", "name", "works"),
        columns=("day", "name", "works"),
        sort="day",
        create=operations.put_holiday,
    )
)
