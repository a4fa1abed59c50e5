"""The parts of the page on which a contact is logged; ``ui.contacts.log_contact`` assembles them."""
