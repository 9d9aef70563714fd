"""What jobs tell upper apps."""

from django.dispatch import Signal

# sent inside the transaction that ends a job (done or failed for good); kwargs: job
job_ended = Signal()
