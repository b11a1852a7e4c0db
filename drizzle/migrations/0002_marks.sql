CREATE TABLE "mark" (
	"workspace_id" uuid NOT NULL,
	"source_id" uuid NOT NULL,
	"chunk" integer NOT NULL,
	"fence" bigint NOT NULL,
	"no" integer NOT NULL,
	"sender_id" uuid,
	"message_ids" uuid[] NOT NULL,
	"marked_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "mark_workspace_id_source_id_chunk_fence_no_pk" PRIMARY KEY("workspace_id","source_id","chunk","fence","no")
);

--> statement-breakpoint
-- What an older version's workers were handing over when they stopped: nobody knows what came of it.
UPDATE attempt SET state = 'in_doubt', class = 'lease_lost', settled_at = clock_timestamp(),
  reply = 'The worker that was sending this stopped before it could write down the answer.'
WHERE state = 'sending';
--> statement-breakpoint
UPDATE chunk SET in_doubt = in_doubt + sending, sending = 0 WHERE sending > 0;
--> statement-breakpoint
-- What stops a campaign is counted with the answers from now on; earlier answers are counted here.
UPDATE chunk c SET hard = a.hard, blocked = a.blocked, content = a.content
FROM (
  SELECT workspace_id, source_id, chunk, count(*) FILTER (WHERE state = 'failed' AND class = 'hard') AS hard,
    count(*) FILTER (WHERE class = 'block') AS blocked, count(*) FILTER (WHERE class = 'content') AS content
  FROM attempt WHERE state IN ('deferred', 'failed', 'in_doubt', 'skipped') AND class IN ('hard', 'block', 'content')
  GROUP BY 1, 2, 3) a
WHERE c.workspace_id = a.workspace_id AND c.source_id = a.source_id AND c.no = a.chunk;
--> statement-breakpoint
-- Small, and changed all the time: its dead rows are not left to pile up.
ALTER TABLE mark SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
--> statement-breakpoint
DROP VIEW message_state;
--> statement-breakpoint
-- A message's state: sending while it stands in a mark and has no answer under the mark's fence; else its newest
-- attempt's; else pending, or claimed while a worker holds its chunk. The one place that says so.
CREATE VIEW message_state AS
SELECT m.workspace_id, m.launch_month, m.id, m.source_kind, m.source_id, m.variant_id, m.subscriber_id, m.email, m.chunk,
  CASE
    WHEN k.fence IS NOT NULL THEN 'sending'
    ELSE coalesce(a.state, CASE WHEN c.state = 'leased' AND c.lease_until > now() THEN 'claimed' ELSE 'pending' END)
  END AS state,
  a.n AS attempt_n, a.class, a.phase, a.code, a.enhanced, a.reply, coalesce(k.sender_id, a.sender_id) AS sender_id,
  a.tries, coalesce(k.fence, a.fence) AS fence, coalesce(k.marked_at, a.started_at) AS started_at,
  CASE WHEN k.fence IS NULL THEN a.settled_at END AS settled_at, CASE WHEN k.fence IS NULL THEN a.next_at END AS next_at
FROM message m
LEFT JOIN chunk c ON c.workspace_id = m.workspace_id AND c.source_id = m.source_id AND c.no = m.chunk
LEFT JOIN LATERAL (
  SELECT * FROM attempt a
  WHERE a.workspace_id = m.workspace_id AND a.launch_month = m.launch_month AND a.message_id = m.id
  ORDER BY a.n DESC LIMIT 1
) a ON true
LEFT JOIN LATERAL (
  SELECT k.fence, k.sender_id, k.marked_at FROM mark k
  WHERE c.state = 'leased' AND k.workspace_id = m.workspace_id AND k.source_id = m.source_id AND k.chunk = m.chunk
    AND m.id = ANY (k.message_ids) AND k.fence > coalesce(a.fence, 0)
  ORDER BY k.fence DESC LIMIT 1
) k ON true;
--> statement-breakpoint
-- Attempts are inserted once and hardly ever changed: their pages need no room. Each table is looked at by itself, since
-- months of one kind may be dropped before those of another.
CREATE OR REPLACE FUNCTION ensure_month_partitions(at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  first_day date := date_trunc('month', at AT TIME ZONE 'UTC');
  next_day date := first_day + interval '1 month';
  suffix text := to_char(first_day, 'YYYY_MM');
BEGIN
  IF to_regclass('event_' || suffix) IS NOT NULL AND to_regclass('message_' || suffix) IS NOT NULL
    AND to_regclass('attempt_' || suffix) IS NOT NULL THEN RETURN; END IF;
  PERFORM pg_advisory_xact_lock(7073747);
  IF to_regclass('message_' || suffix) IS NULL THEN
    EXECUTE format('CREATE TABLE %I PARTITION OF message FOR VALUES FROM (%L) TO (%L)', 'message_' || suffix, first_day, next_day);
  END IF;
  IF to_regclass('attempt_' || suffix) IS NULL THEN
    EXECUTE format('CREATE TABLE %I PARTITION OF attempt FOR VALUES FROM (%L) TO (%L)', 'attempt_' || suffix, first_day, next_day);
  END IF;
  IF to_regclass('event_' || suffix) IS NULL THEN
    EXECUTE format('CREATE TABLE %I PARTITION OF event FOR VALUES FROM (%L) TO (%L)', 'event_' || suffix,
      first_day::timestamp AT TIME ZONE 'UTC', next_day::timestamp AT TIME ZONE 'UTC');
  END IF;
END $$;
--> statement-breakpoint
DO $$
DECLARE part regclass;
BEGIN
  FOR part IN SELECT relid FROM pg_partition_tree('attempt') WHERE isleaf LOOP
    EXECUTE format('ALTER TABLE %s RESET (fillfactor)', part);
  END LOOP;
END $$;
