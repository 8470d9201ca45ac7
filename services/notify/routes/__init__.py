"""Notify's API: contacts and wishes, the inbox, deliveries, messages, calendars."""

from services.notify.routes.calendar import blueprint as calendar
from services.notify.routes.contacts import blueprint as contacts
from services.notify.routes.custody import blueprint as custody
from services.notify.routes.deliveries import blueprint as deliveries
from services.notify.routes.inbox import blueprint as inbox
from shared.auth import ANYONE, FRONT_ONLY, SIGNED_IN, STAFF, Access

BLUEPRINTS = (contacts, inbox, deliveries, custody, calendar)
ACCESS: Access = {
    "contacts.put_contact": SIGNED_IN | FRONT_ONLY,
    "contacts.get_my_contact": SIGNED_IN,
    "contacts.get_preferences": SIGNED_IN,
    "contacts.put_preferences": SIGNED_IN,
    "inbox.get_inbox": SIGNED_IN,
    "inbox.read_inbox": SIGNED_IN,
    "deliveries.get_deliveries": STAFF,
    "deliveries.send_again": STAFF,
    "deliveries.post_message": FRONT_ONLY,
    "custody.get_news": STAFF,
    "calendar.get_entry": SIGNED_IN,
    "calendar.get_feed": SIGNED_IN,
    "calendar.renew_feed": SIGNED_IN,
    "calendar.read_feed": ANYONE,
}
