"""What lower apps tell upper apps."""

from django.dispatch import Signal

# sent by registry.services inside the transaction that changed a record; kwargs: facility_ids (list of primary keys)
record_changed = Signal()
