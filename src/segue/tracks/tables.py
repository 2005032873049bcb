"""The tables of tracks, their renditions, and how they were made. A removed track keeps its row, so that its id is
never used again.
"""

from sqlalchemy import BigInteger, Boolean, Column, Double, ForeignKey, Index, Integer, String, Table, Text

from segue.database import metadata

tracks = Table(
    "tracks",
    metadata,
    Column("id", String, primary_key=True),
    Column("organization_id", ForeignKey("organizations.id"), nullable=False),
    Column("creator_id", ForeignKey("users.id"), nullable=False),
    Column("title", String),
    Column("engine", String, nullable=False),
    Column("mode", String, nullable=False),
    Column("instrumental", Boolean, nullable=False),
    Column("duration_s", Double, nullable=False),
    Column("sample_rate_hz", Integer, nullable=False),
    Column("channels", Integer, nullable=False),
    Column("loudness_lufs", Double),
    Column("true_peak_dbtp", Double),
    Column("tags", Text, nullable=False),
    # The raw licence facts as JSON; the four columns after it are what they show, kept beside them for the
    # resolve. Both are written by the same statement.
    Column("licence", Text, nullable=False),
    Column("licence_class", String, nullable=False),
    Column("licence_version", String, nullable=False),
    Column("requires_attribution", Boolean, nullable=False),
    Column("shareable", Boolean, nullable=False),
    # The name of the rendition that players get: the original first, the streaming master once it stands.
    Column("playback", String, nullable=False),
    Column("has_artwork", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("removed_at", BigInteger),
    Index("ix_tracks_creator", "organization_id", "creator_id", "created_at"),
    sqlite_with_rowid=False,
)

renditions = Table(
    "renditions",
    metadata,
    Column("track_id", ForeignKey("tracks.id"), primary_key=True),
    Column("name", String, primary_key=True),
    Column("blob_key", String, nullable=False),
    Column("mime_type", String, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("sha256", String, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# How an engine made a track: with the same engine, model, seed and parameters it could be made again.
makings = Table(
    "makings",
    metadata,
    Column("track_id", ForeignKey("tracks.id"), primary_key=True),
    Column("engine_version", String, nullable=False),
    Column("model", String, nullable=False),
    # How music comes about there: one of the IPTC's digital source types.
    Column("origin", String, nullable=False),
    Column("seed", BigInteger),
    Column("parameters", Text, nullable=False),
    Column("seed_track_id", ForeignKey("tracks.id")),
    sqlite_with_rowid=False,
)
