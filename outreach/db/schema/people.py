"""For whom does this installation speak, who may ask it, and who are the persons?"""

from sqlalchemy import (
    ARRAY,
    Boolean,
    Column,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from outreach.db.schema.columns import instant, metadata, table

brands = Table(
    "brands",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("locale", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("stopped", Boolean, nullable=False, server_default=text("false")),
    Column("weight", SmallInteger, nullable=False, server_default=text("1")),
    Column("group_key", Text, nullable=False, server_default=""),
    Column("lineage", Text, nullable=False, server_default=""),
    instant("kept_since", nullable=True),
    Column("profile", JSONB, nullable=False),
    instant("created_at", default="now()"),
)

api_keys = table(
    "api_keys",
    Column("id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    instant("created_at", default="now()"),
    instant("revoked_at", nullable=True),
    # The user for whom it was issued, by their login.
    Column("held_by", Text),
)

# Keys under which the brand's personal data lie sealed, wrapped with the master key.
data_keys = table(
    "data_keys",
    Column("number", SmallInteger, nullable=False),
    Column("wrapped", Text, nullable=False),
    instant("made_at", default="now()"),
    key=("number",),
)

persons = table(
    "persons",
    Column("id", Uuid, nullable=False),
    Column("ref", Text, nullable=False),
    Column("name", Text, nullable=False, server_default=""),
    Column("locale", Text),
    Column("zone", Text),
    Column("country", Text),
    Column("subdivision", Text),
    Column("postcode", Text),
    Column("point_zone", Text),
    Column("tags", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    instant("updated_at", default="now()"),
    many=True,
)

addresses = table(
    "addresses",
    Column("person_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    # Of a mail address, in the clear: mails are counted by it, and it names nobody.
    Column("domain", Text),
    Index("addresses_by_hash", "brand_id", "hash"),
    key=("person_id", "kind"),
    many=True,
)

# By which hashes an address is known besides: those under secrets that were in use before.
former_hashes = table(
    "former_hashes",
    Column("person_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Index("former_hashes_by_hash", "brand_id", "hash"),
    key=("person_id", "kind", "hash"),
)
