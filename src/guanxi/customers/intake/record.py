"""What of customers can be imported beside themselves."""

from guanxi.customers.intake import consents, contacts
from guanxi.workspace.imports.targets import importable

importable(contacts.TARGET)
importable(consents.TARGET)
