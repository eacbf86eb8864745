"""What is known: one SQLite file."""

from db.connection import (
    DatabaseError,
    DatabaseFull,
    DatabaseLocked,
    DatabaseMissing,
    DatabaseUnreadable,
    ForeignDatabase,
    NewerSchema,
    OlderSchema,
    open_database,
    transaction,
)

__all__ = [
    "DatabaseError",
    "DatabaseFull",
    "DatabaseLocked",
    "DatabaseMissing",
    "DatabaseUnreadable",
    "ForeignDatabase",
    "NewerSchema",
    "OlderSchema",
    "open_database",
    "transaction",
]
