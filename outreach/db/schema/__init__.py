"""The tables, a module for each part of the way of a contact; `db.tables` names them all."""
