"""Opening the council's store: which one is meant, its tables and texts brought up to today. Must not answer a request."""

import os

from sync.council import bodies, migrations
from sync.council.home import DATABASE_VARIABLE, Home
from sync.council.store import Store, embedded_engine, postgresql_engine


def opened(home: Home, url: str | None = None) -> Store:
    """The store of that URL (of the environment where None), or the embedded one, with its tables up to today.

    Raises:
        UserError: the URL is no address of a database, or would send records unprotected; another store is meant.
        Unavailable: the store cannot be opened, or a newer program wrote it.
    """
    url = os.environ.get(DATABASE_VARIABLE, "") if url is None else url
    home.use_store("postgresql" if url else "embedded")
    store = Store(postgresql_engine(url) if url else embedded_engine(home), home.keys)
    try:
        _bring_up_to_today(store, home)
    except BaseException:
        store.close()
        raise
    return store


def _bring_up_to_today(store: Store, home: Home) -> None:
    """Migrate, encrypt what a program of before wrote, and finish the erasures that a kill cut short."""
    mark = store.mark()
    if mark != migrations.HEAD:
        if mark < migrations.SEALED:
            with store.alone():
                home.begin_keys()
        if mark:
            store.migrate(migrations.SEALED)
            bodies.seal_plain(store)
        store.migrate()
    bodies.destroy_erased(store)
