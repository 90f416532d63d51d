"""The tables of strategies and of what became of each recipient."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from guanxi.kernel.fields import ConditionField
from guanxi.kernel.models import Record, Row


class Strategy(Record):
    """Whom we contact, what for, in which order of ways, how often and with which words."""

    class Status(models.TextChoices):
        DRAFT = "draft"
        SCHEDULED = "scheduled"
        RUNNING = "running"
        PAUSED = "paused"
        SENT = "sent"
        ENDED = "ended"

    class Purpose(models.TextChoices):
        SERVICE = "service"
        SURVEY = "survey"
        GREETING = "greeting"
        MARKETING = "marketing"

    name = models.CharField(max_length=160)
    key = models.SlugField(max_length=60, null=True, blank=True, editable=False, db_index=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    segment = models.ForeignKey("customers.Segment", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    condition = ConditionField(null=True, blank=True)
    begins = ConditionField(default=dict, blank=True)
    purpose = models.CharField(max_length=10, choices=Purpose)
    channels = ArrayField(models.CharField(max_length=12))
    every_days = models.PositiveSmallIntegerField(null=True, blank=True)
    most_rounds = models.PositiveSmallIntegerField(null=True, blank=True)
    stops = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    most_contacts = models.PositiveSmallIntegerField(null=True, blank=True)
    template = models.ForeignKey("channels.Template", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    call_them = models.BooleanField(default=False)
    script = models.TextField(default="", blank=True)
    hold_out = models.FloatField(default=0)
    journey = models.ForeignKey(
        "journeys.Journey", on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    sends = models.PositiveIntegerField(default=0, editable=False)
    send_at = models.DateTimeField(null=True, blank=True, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="strategy_key_is_unique"),
            models.CheckConstraint(
                condition=Q(segment=None, condition__isnull=False) | Q(segment__isnull=False, condition=None),
                name="strategy_has_one_audience",
            ),
            models.CheckConstraint(
                condition=~Q(status="scheduled") | Q(send_at__isnull=False), name="strategy_scheduled_has_a_time"
            ),
            models.CheckConstraint(condition=Q(hold_out__gte=0, hold_out__lt=1), name="strategy_hold_out_is_a_share"),
            models.CheckConstraint(
                condition=Q(most_rounds=None) | Q(every_days__isnull=False), name="strategy_rounds_have_a_rhythm"
            ),
        ]


class Recipient(Row):
    """What became of one customer on one occasion of a strategy; nobody is contacted twice on the same one."""

    class State(models.TextChoices):
        PLANNED = "planned"
        WAITING = "waiting"
        SENT = "sent"
        DELIVERED = "delivered"
        ANSWERED = "answered"
        REFUSED = "refused"
        TODO = "todo"
        DONE = "done"
        HELD_OUT = "held_out"

    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    occasion = models.CharField(max_length=120)
    # Whom the strategy meant then: it may mean others when it is sent again.
    segment = models.ForeignKey("customers.Segment", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    channel = models.CharField(max_length=12, default="", blank=True)
    reason = models.CharField(max_length=60, default="", blank=True)
    conversation = models.ForeignKey(
        "channels.Conversation", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    message_id = models.UUIDField(null=True, blank=True, editable=False)
    todo = models.ForeignKey("workspace.Todo", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    order_id = models.UUIDField(null=True, blank=True, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["message_id"], name="recipient_by_message", condition=Q(message_id__isnull=False)),
            models.Index(fields=["order_id"], name="recipient_by_order", condition=Q(order_id__isnull=False)),
            models.Index(fields=["strategy", "state"], name="recipient_by_state"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["strategy", "occasion", "customer"], name="recipient_is_contacted_once"),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(reason=""), name="recipient_refused_has_reason"),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "delivered", "done"]) | Q(sent_at__isnull=False),
                name="recipient_sent_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="held_out") | Q(sent_at=None, answered_at=None),
                name="recipient_held_out_is_left_alone",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["todo", "done"]) | Q(todo__isnull=False), name="recipient_to_call_has_a_todo"
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | Q(answered_at__isnull=False), name="recipient_answered_has_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.occasion} {self.state}"
