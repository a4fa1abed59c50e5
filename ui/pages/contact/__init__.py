"""The pieces of the page on which a contact is logged; ``ui.pages.log_contact`` puts them together."""
