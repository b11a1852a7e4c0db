CREATE TABLE "feedback" (
	"workspace_id" uuid NOT NULL,
	"launch_month" date NOT NULL,
	"message_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"source_id" uuid NOT NULL,
	"class" text NOT NULL,
	"enhanced" text,
	"words" text DEFAULT '' NOT NULL,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "feedback_workspace_id_launch_month_message_id_kind_pk" PRIMARY KEY("workspace_id","launch_month","message_id","kind")
) PARTITION BY RANGE ("launch_month");
--> statement-breakpoint
ALTER TABLE "sending_domain" ADD COLUMN "bounce_host" text;--> statement-breakpoint
ALTER TABLE "sending_domain" ADD COLUMN "bounce_server" text;--> statement-breakpoint
ALTER TABLE "sending_domain" ADD COLUMN "bounce_since" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "feedback_source" ON "feedback" USING btree ("workspace_id","source_id","kind","message_id");
--> statement-breakpoint
-- As before, with the table of what came back.
CREATE OR REPLACE FUNCTION ensure_month_partitions(at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  first_day date := date_trunc('month', at AT TIME ZONE 'UTC');
  next_day date := first_day + interval '1 month';
  suffix text := to_char(first_day, 'YYYY_MM');
BEGIN
  IF to_regclass('event_' || suffix) IS NOT NULL AND to_regclass('message_' || suffix) IS NOT NULL
    AND to_regclass('attempt_' || suffix) IS NOT NULL AND to_regclass('feedback_' || suffix) IS NOT NULL THEN RETURN; END IF;
  PERFORM pg_advisory_xact_lock(7073747);
  IF to_regclass('message_' || suffix) IS NULL THEN
    EXECUTE format('CREATE TABLE %I PARTITION OF message FOR VALUES FROM (%L) TO (%L)', 'message_' || suffix, first_day, next_day);
  END IF;
  IF to_regclass('attempt_' || suffix) IS NULL THEN
    EXECUTE format('CREATE TABLE %I PARTITION OF attempt FOR VALUES FROM (%L) TO (%L)', 'attempt_' || suffix, first_day, next_day);
  END IF;
  IF to_regclass('feedback_' || suffix) IS NULL THEN
    EXECUTE format('CREATE TABLE %I PARTITION OF feedback FOR VALUES FROM (%L) TO (%L)', 'feedback_' || suffix, first_day, next_day);
  END IF;
  IF to_regclass('event_' || suffix) IS NULL THEN
    EXECUTE format('CREATE TABLE %I PARTITION OF event FOR VALUES FROM (%L) TO (%L)', 'event_' || suffix,
      first_day::timestamp AT TIME ZONE 'UTC', next_day::timestamp AT TIME ZONE 'UTC');
  END IF;
END $$;
--> statement-breakpoint
-- Messages that are out already may come back as well.
DO $$
DECLARE suffix text; first_day date;
BEGIN
  FOR suffix IN SELECT right(c.relname, 7) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'message'::regclass AND c.relname ~ '^message_[0-9]{4}_[0-9]{2}$' LOOP
    first_day := to_date(suffix, 'YYYY_MM');
    EXECUTE format('CREATE TABLE %I PARTITION OF feedback FOR VALUES FROM (%L) TO (%L)', 'feedback_' || suffix,
      first_day, (first_day + interval '1 month')::date);
  END LOOP;
END $$;
