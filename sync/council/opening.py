"""Open the council's store, and update its tables and texts to this version. Must not answer a request."""

import os

from sync.council import bodies, migrations
from sync.council.home import DATABASE_VARIABLE, Home
from sync.council.store import Store, embedded_engine, postgresql_engine


def check_address() -> None:
    """Raise UserError if the environment names a database that cannot be used by its address; the database is not asked."""
    if url := os.environ.get(DATABASE_VARIABLE, ""):
        postgresql_engine(url)


def opened(home: Home, url: str | None = None) -> Store:
    """Open the store at a URL, or the embedded store if the URL is '', and update its tables.

    None takes the URL from the environment.

    Raises:
        UserError: the URL is not the address of a database, or would send records unprotected, or the records are in another
            store.
        Unavailable: the store cannot be opened, or a newer program wrote it.
    """
    url = os.environ.get(DATABASE_VARIABLE, "") if url is None else url
    database = postgresql_engine(url) if url else None
    home.use_store("postgresql" if url else "embedded")
    store = Store(database or embedded_engine(home), home.keys)
    try:
        _bring_up_to_today(store, home)
    except BaseException:
        store.close()
        raise
    return store


def _bring_up_to_today(store: Store, home: Home) -> None:
    """Migrate the tables, encrypt texts of older versions, and finish erasures that a kill interrupted."""
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
