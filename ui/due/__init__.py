"""What is due for carer households: the page of the table, and how each day is worked out."""
