"""The trail becomes a chain: numbered, dated and sealed by the database as rows are added."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models
from django.db.models.functions import Now

TEXT = """
CREATE FUNCTION trail_text(event agents_app_accessevent) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT json_build_array(
    event.sequence, to_char(event.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), event.user_id,
    event.user_name, event.action, event.outcome, event.object_kind, to_json(event.object_ids),
    event.object_count, event.organization_id, event.agent_id, event.reason, event.terms,
    event.request_id, host(event.address)
  )::text
$$
"""
HASH = """
CREATE FUNCTION trail_hash(previous text, event agents_app_accessevent) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(previous || trail_text(event), 'UTF8')), 'hex')
$$
"""
# It runs as the owner, so that the console's own role needs no right to the head.
SEAL = """
CREATE FUNCTION trail_seal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE head agents_app_trailhead;
BEGIN
  SELECT * INTO head FROM agents_app_trailhead WHERE id = 1 FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO agents_app_trailhead (id, sequence, hash) VALUES (1, 0, repeat('0', 64))
      ON CONFLICT (id) DO NOTHING;
    SELECT * INTO head FROM agents_app_trailhead WHERE id = 1 FOR UPDATE;
  END IF;
  NEW.sequence := head.sequence + 1;
  NEW.at := clock_timestamp();
  NEW.previous_hash := head.hash;
  NEW.hash := trail_hash(NEW.previous_hash, NEW);
  UPDATE agents_app_trailhead SET sequence = NEW.sequence, hash = NEW.hash WHERE id = 1;
  RETURN NEW;
END $$
"""
# A function that runs as its owner finds its tables where they are now, whatever a caller's path says.
FIX_PATH = """
DO $$ BEGIN
  EXECUTE format('ALTER FUNCTION trail_seal() SET search_path = %I, pg_temp', current_schema());
  EXECUTE format('ALTER FUNCTION trail_hash(text, agents_app_accessevent) SET search_path = %I, pg_temp', current_schema());
  EXECUTE format('ALTER FUNCTION trail_text(agents_app_accessevent) SET search_path = %I, pg_temp', current_schema());
END $$
"""
TRIGGER = """
CREATE TRIGGER trail_seal BEFORE INSERT ON agents_app_accessevent
  FOR EACH ROW EXECUTE FUNCTION trail_seal()
"""
# Rows from before the chain are sealed in the order in which they were added.
SEAL_OLD = """
DO $$
DECLARE event agents_app_accessevent; last text := repeat('0', 64); number bigint := 0;
BEGIN
  FOR event IN SELECT * FROM agents_app_accessevent ORDER BY id LOOP
    number := number + 1;
    event.sequence := number;
    UPDATE agents_app_accessevent SET sequence = number, previous_hash = last,
      hash = trail_hash(last, event) WHERE id = event.id RETURNING hash INTO last;
  END LOOP;
  INSERT INTO agents_app_trailhead (id, sequence, hash) VALUES (1, number, last);
END $$
"""
DROP = """
DROP TRIGGER trail_seal ON agents_app_accessevent;
DROP FUNCTION trail_seal();
DROP FUNCTION trail_hash(text, agents_app_accessevent);
DROP FUNCTION trail_text(agents_app_accessevent)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("agents_app", "0002_roles"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex("accessevent", "agents_app__user_id_9e9040_idx"),
        migrations.AddField("accessevent", "sequence", models.BigIntegerField(db_default=0, editable=False)),
        migrations.AddField("accessevent", "user_name", models.CharField(blank=True, db_default="", max_length=150)),
        migrations.AddField(
            "accessevent", "outcome",
            models.CharField(
                choices=[("success", "Allowed"), ("denied", "Denied"), ("failed", "Failed")],
                default="success", db_default="success", max_length=10)),
        migrations.AddField("accessevent", "agent_id", models.CharField(blank=True, db_default="", max_length=120)),
        migrations.AddField("accessevent", "reason", models.CharField(blank=True, db_default="", max_length=500)),
        migrations.AddField("accessevent", "terms", models.CharField(blank=True, db_default="", max_length=64)),
        migrations.AddField("accessevent", "previous_hash", models.CharField(db_default="", editable=False, max_length=64)),
        migrations.AddField("accessevent", "hash", models.CharField(db_default="", editable=False, max_length=64)),
        migrations.AlterField(
            "accessevent", "user",
            models.ForeignKey(null=True, on_delete=models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
        migrations.CreateModel(
            "TrailHead",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sequence", models.BigIntegerField()),
                ("hash", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            "TrailSegment",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first_sequence", models.BigIntegerField()),
                ("last_sequence", models.BigIntegerField(unique=True)),
                ("last_hash", models.CharField(max_length=64)),
                ("last_at", models.DateTimeField()),
                ("file_sha256", models.CharField(max_length=64)),
                ("moved_at", models.DateTimeField(db_default=Now())),
            ],
        ),
        migrations.RunSQL([TEXT, HASH], migrations.RunSQL.noop),
        migrations.RunSQL(SEAL_OLD, migrations.RunSQL.noop),
        migrations.RunSQL([SEAL, FIX_PATH, TRIGGER], DROP),
        migrations.AlterField("accessevent", "sequence", models.BigIntegerField(unique=True, db_default=0, editable=False)),
        migrations.AddIndex("accessevent", models.Index(fields=["user", "-sequence"], name="agents_app__user_id_225f3a_idx")),
        migrations.AddIndex("accessevent", models.Index(fields=["agent_id", "-sequence"], name="agents_app__agent_i_415432_idx")),
        migrations.AddIndex("accessevent", GinIndex(fields=["object_ids"], name="agents_app__object__f04b6b_gin")),
    ]  # fmt: skip
