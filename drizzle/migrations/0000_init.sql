-- Hand-written parts of this migration: new_id(), the partitioning of message, attempt and event, month partitions,
-- and the view message_state. Everything else is generated from drizzle/schema.

-- A UUIDv7 (RFC 9562) of the given instant; PostgreSQL has its own only from version 18 on.
CREATE FUNCTION new_id(at timestamptz DEFAULT clock_timestamp()) RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
  SELECT encode(
    set_bit(set_bit(
      overlay(uuid_send(gen_random_uuid()) PLACING substring(int8send((extract(epoch FROM at) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
      52, 1), 53, 1), 'hex')::uuid
$$;
--> statement-breakpoint
CREATE TABLE "import" (
	"workspace_id" uuid NOT NULL,
	"id" uuid DEFAULT new_id() NOT NULL,
	"status" text DEFAULT 'mapping' NOT NULL,
	"file_id" uuid NOT NULL,
	"file_name" text NOT NULL,
	"file_bytes" bigint NOT NULL,
	"file_sha256" text NOT NULL,
	"encoding" text NOT NULL,
	"delimiter" text NOT NULL,
	"header" jsonb NOT NULL,
	"has_header" boolean DEFAULT true NOT NULL,
	"date_order" text DEFAULT 'dmy' NOT NULL,
	"mapping" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"list_ids" uuid[] DEFAULT '{}' NOT NULL,
	"consent_basis" text DEFAULT '' NOT NULL,
	"update_existing" text DEFAULT 'overwrite' NOT NULL,
	"dry_run" jsonb,
	"result" jsonb,
	"stage" text DEFAULT '' NOT NULL,
	"rows_done" bigint DEFAULT 0 NOT NULL,
	"rows_total" bigint,
	"error" text,
	"rejects_file_id" uuid,
	"created_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"heartbeat_at" timestamp with time zone,
	CONSTRAINT "import_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "consent" (
	"workspace_id" uuid NOT NULL,
	"id" uuid DEFAULT new_id() NOT NULL,
	"subscriber_id" uuid NOT NULL,
	"list_id" uuid,
	"status" text NOT NULL,
	"method" text NOT NULL,
	"wording" text DEFAULT '' NOT NULL,
	"import_id" uuid,
	"campaign_id" uuid,
	"user_id" uuid,
	"ip_address" text,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "consent_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "field" (
	"workspace_id" uuid NOT NULL,
	"id" uuid DEFAULT new_id() NOT NULL,
	"key" text NOT NULL,
	"label" text NOT NULL,
	"type" text NOT NULL,
	"position" integer DEFAULT 0 NOT NULL,
	"archived_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "field_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "list" (
	"workspace_id" uuid NOT NULL,
	"id" uuid DEFAULT new_id() NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"archived_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "list_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "subscriber" (
	"workspace_id" uuid NOT NULL,
	"id" uuid DEFAULT new_id() NOT NULL,
	"email" text NOT NULL,
	"email_key" text COLLATE "C" NOT NULL,
	"first_name" text DEFAULT '' NOT NULL,
	"last_name" text DEFAULT '' NOT NULL,
	"fields" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"language" text,
	"source" text NOT NULL,
	"import_id" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "subscriber_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "subscription" (
	"workspace_id" uuid NOT NULL,
	"list_id" uuid NOT NULL,
	"subscriber_id" uuid NOT NULL,
	"status" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "subscription_workspace_id_list_id_subscriber_id_pk" PRIMARY KEY("workspace_id","list_id","subscriber_id")
);
--> statement-breakpoint
CREATE TABLE "suppression" (
	"workspace_id" uuid NOT NULL,
	"id" uuid DEFAULT new_id() NOT NULL,
	"email_key" text COLLATE "C" NOT NULL,
	"reason" text NOT NULL,
	"detail" text DEFAULT '' NOT NULL,
	"campaign_id" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "suppression_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "account" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"account_id" text NOT NULL,
	"provider_id" text NOT NULL,
	"user_id" uuid NOT NULL,
	"access_token" text,
	"refresh_token" text,
	"id_token" text,
	"access_token_expires_at" timestamp with time zone,
	"refresh_token_expires_at" timestamp with time zone,
	"scope" text,
	"password" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_entry" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"workspace_id" uuid,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"user_id" uuid,
	"action" text NOT NULL,
	"subject_kind" text,
	"subject_id" text,
	"detail" jsonb DEFAULT '{}'::jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "instance" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"set_up_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "invitation" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"workspace_id" uuid NOT NULL,
	"email" text NOT NULL,
	"role" text,
	"status" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"inviter_id" uuid NOT NULL
);
--> statement-breakpoint
CREATE TABLE "member" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"workspace_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"role" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rate_limit" (
	"key" text PRIMARY KEY NOT NULL,
	"points" integer DEFAULT 0 NOT NULL,
	"expire" bigint
);
--> statement-breakpoint
CREATE TABLE "session" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"token" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ip_address" text,
	"user_agent" text,
	"user_id" uuid NOT NULL,
	"active_workspace_id" uuid,
	CONSTRAINT "session_token_unique" UNIQUE("token")
);
--> statement-breakpoint
CREATE TABLE "user" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"email_verified" boolean DEFAULT false NOT NULL,
	"image" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "user_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "verification" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"identifier" text NOT NULL,
	"value" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "workspace" (
	"id" uuid PRIMARY KEY DEFAULT new_id() NOT NULL,
	"number" integer GENERATED ALWAYS AS IDENTITY (sequence name "workspace_number_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"slug" text NOT NULL,
	"logo" text,
	"metadata" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"postal_address" text DEFAULT '' NOT NULL,
	"time_zone" text DEFAULT 'UTC' NOT NULL,
	"language" text DEFAULT 'en' NOT NULL,
	"tracking_base_url" text,
	"is_sample" boolean DEFAULT false NOT NULL,
	"dismissed_steps" jsonb DEFAULT '[]'::jsonb NOT NULL,
	CONSTRAINT "workspace_number_unique" UNIQUE("number"),
	CONSTRAINT "workspace_slug_unique" UNIQUE("slug")
);
--> statement-breakpoint
CREATE TABLE "campaign" (
	"workspace_id" uuid NOT NULL,
	"id" uuid DEFAULT new_id() NOT NULL,
	"name" text NOT NULL,
	"status" text DEFAULT 'draft' NOT NULL,
	"from_name" text DEFAULT '' NOT NULL,
	"from_email" text DEFAULT '' NOT NULL,
	"reply_to" text DEFAULT '' NOT NULL,
	"sender_id" uuid,
	"track_opens" boolean DEFAULT true NOT NULL,
	"track_clicks" boolean DEFAULT true NOT NULL,
	"in_doubt_policy" text DEFAULT 'resend' NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"scheduled_wall_time" text,
	"scheduled_zone" text,
	"launch_at" timestamp with time zone,
	"launched_at" timestamp with time zone,
	"ends_at" timestamp with time zone,
	"frozen_at" timestamp with time zone,
	"freeze_cursor" uuid,
	"frozen_count" integer,
	"excluded_counts" jsonb,
	"pause_reason" text,
	"paused_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"archived_at" timestamp with time zone,
	"created_by" uuid,
	"launched_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "campaign_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "campaign_list" (
	"workspace_id" uuid NOT NULL,
	"campaign_id" uuid NOT NULL,
	"list_id" uuid NOT NULL,
	"mode" text NOT NULL,
	CONSTRAINT "campaign_list_workspace_id_campaign_id_list_id_pk" PRIMARY KEY("workspace_id","campaign_id","list_id")
);
--> statement-breakpoint
CREATE TABLE "frozen_content" (
	"workspace_id" uuid NOT NULL,
	"campaign_id" uuid NOT NULL,
	"variant_id" uuid NOT NULL,
	"subject" text NOT NULL,
	"html" text NOT NULL,
	"text" text NOT NULL,
	"compiled" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "frozen_content_workspace_id_campaign_id_variant_id_pk" PRIMARY KEY("workspace_id","campaign_id","variant_id")
);
--> statement-breakpoint
CREATE TABLE "link" (
	"workspace_id" uuid NOT NULL,
	"campaign_id" uuid NOT NULL,
	"position" smallint NOT NULL,
	"url" text NOT NULL,
	CONSTRAINT "link_workspace_id_campaign_id_position_pk" PRIMARY KEY("workspace_id","campaign_id","position")
);
--> statement-breakpoint
CREATE TABLE "revision" (
	"workspace_id" uuid NOT NULL,
	"id" uuid DEFAULT new_id() NOT NULL,
	"kind" text NOT NULL,
	"v" smallint DEFAULT 1 NOT NULL,
	"source" text NOT NULL,
	"sha256" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_by" uuid,
	CONSTRAINT "revision_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "template" (
	"workspace_id" uuid NOT NULL,
	"id" uuid DEFAULT new_id() NOT NULL,
	"name" text NOT NULL,
	"revision_id" uuid NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"archived_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "template_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "variant" (
	"workspace_id" uuid NOT NULL,
	"id" uuid DEFAULT new_id() NOT NULL,
	"campaign_id" uuid NOT NULL,
	"name" text DEFAULT 'A' NOT NULL,
	"subject" text DEFAULT '' NOT NULL,
	"preheader" text DEFAULT '' NOT NULL,
	"revision_id" uuid NOT NULL,
	CONSTRAINT "variant_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "attempt" (
	"workspace_id" uuid NOT NULL,
	"launch_month" date NOT NULL,
	"message_id" uuid NOT NULL,
	"n" smallint NOT NULL,
	"source_id" uuid NOT NULL,
	"chunk" integer NOT NULL,
	"state" text NOT NULL,
	"fence" bigint NOT NULL,
	"sender_id" uuid,
	"class" text,
	"phase" text,
	"code" smallint,
	"enhanced" text,
	"reply" text,
	"tries" smallint DEFAULT 0 NOT NULL,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"settled_at" timestamp with time zone,
	"next_at" timestamp with time zone,
	CONSTRAINT "attempt_workspace_id_launch_month_message_id_n_pk" PRIMARY KEY("workspace_id","launch_month","message_id","n")
) PARTITION BY RANGE ("launch_month");
--> statement-breakpoint
CREATE TABLE "chunk" (
	"workspace_id" uuid NOT NULL,
	"source_id" uuid NOT NULL,
	"no" integer NOT NULL,
	"launch_month" date NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"due_at" timestamp with time zone DEFAULT now() NOT NULL,
	"owner" uuid,
	"fence" bigint DEFAULT 0 NOT NULL,
	"lease_until" timestamp with time zone,
	"total" integer NOT NULL,
	"sending" integer DEFAULT 0 NOT NULL,
	"sent" integer DEFAULT 0 NOT NULL,
	"deferred" integer DEFAULT 0 NOT NULL,
	"failed" integer DEFAULT 0 NOT NULL,
	"in_doubt" integer DEFAULT 0 NOT NULL,
	"skipped" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "chunk_workspace_id_source_id_no_pk" PRIMARY KEY("workspace_id","source_id","no")
);
--> statement-breakpoint
CREATE TABLE "message" (
	"workspace_id" uuid NOT NULL,
	"launch_month" date NOT NULL,
	"id" uuid NOT NULL,
	"source_kind" text NOT NULL,
	"source_id" uuid NOT NULL,
	"variant_id" uuid,
	"subscriber_id" uuid,
	"email" text NOT NULL,
	"chunk" integer NOT NULL,
	CONSTRAINT "message_workspace_id_launch_month_id_pk" PRIMARY KEY("workspace_id","launch_month","id")
) PARTITION BY RANGE ("launch_month");
--> statement-breakpoint
CREATE TABLE "stored_file" (
	"workspace_id" uuid NOT NULL,
	"id" uuid DEFAULT new_id() NOT NULL,
	"purpose" text NOT NULL,
	"name" text NOT NULL,
	"media_type" text NOT NULL,
	"bytes" bigint NOT NULL,
	"sha256" text NOT NULL,
	"storage_key" text NOT NULL,
	"created_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone,
	CONSTRAINT "stored_file_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "inbox_mail" (
	"workspace_id" uuid NOT NULL,
	"id" uuid DEFAULT new_id() NOT NULL,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL,
	"mail_from" text NOT NULL,
	"rcpt_to" text[] NOT NULL,
	"subject" text NOT NULL,
	"bytes" integer NOT NULL,
	"raw" "bytea" NOT NULL,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "inbox_mail_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "sender" (
	"workspace_id" uuid NOT NULL,
	"id" uuid DEFAULT new_id() NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"host" text DEFAULT '' NOT NULL,
	"port" integer DEFAULT 587 NOT NULL,
	"tls_mode" text DEFAULT 'starttls' NOT NULL,
	"verify_certificate" boolean DEFAULT true NOT NULL,
	"username" text DEFAULT '' NOT NULL,
	"password_sealed" text,
	"default_from_name" text DEFAULT '' NOT NULL,
	"default_from_email" text DEFAULT '' NOT NULL,
	"connections" integer DEFAULT 4 NOT NULL,
	"messages_per_connection" integer DEFAULT 100 NOT NULL,
	"rate_per_second" integer,
	"rate_per_hour" integer,
	"is_default" boolean DEFAULT false NOT NULL,
	"health" text DEFAULT 'up' NOT NULL,
	"health_detail" text,
	"health_failures" integer DEFAULT 0 NOT NULL,
	"retry_at" timestamp with time zone,
	"archived_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sender_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "sender_window" (
	"workspace_id" uuid NOT NULL,
	"sender_id" uuid NOT NULL,
	"unit" text NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"used" integer[] NOT NULL,
	CONSTRAINT "sender_window_workspace_id_sender_id_unit_pk" PRIMARY KEY("workspace_id","sender_id","unit")
);
--> statement-breakpoint
CREATE TABLE "event" (
	"workspace_id" uuid NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"id" uuid DEFAULT new_id() NOT NULL,
	"kind" text NOT NULL,
	"campaign_id" uuid NOT NULL,
	"message_id" uuid,
	"subscriber_id" uuid,
	"link_position" smallint,
	"verdict" text NOT NULL,
	"verdict_reason" text NOT NULL,
	"user_agent" text NOT NULL,
	"ip_address" "inet",
	CONSTRAINT "event_workspace_id_received_at_id_pk" PRIMARY KEY("workspace_id","received_at","id")
) PARTITION BY RANGE ("received_at");
--> statement-breakpoint
CREATE TABLE "first_touch" (
	"workspace_id" uuid NOT NULL,
	"campaign_id" uuid NOT NULL,
	"subscriber_id" uuid NOT NULL,
	"human_open_at" timestamp with time zone,
	"machine_open_at" timestamp with time zone,
	"human_click_at" timestamp with time zone,
	"machine_click_at" timestamp with time zone,
	"unsubscribed_at" timestamp with time zone,
	CONSTRAINT "first_touch_workspace_id_campaign_id_subscriber_id_pk" PRIMARY KEY("workspace_id","campaign_id","subscriber_id")
);
--> statement-breakpoint
ALTER TABLE "account" ADD CONSTRAINT "account_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_workspace_id_workspace_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspace"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_inviter_id_user_id_fk" FOREIGN KEY ("inviter_id") REFERENCES "public"."user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "member" ADD CONSTRAINT "member_workspace_id_workspace_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspace"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "member" ADD CONSTRAINT "member_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "session" ADD CONSTRAINT "session_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "consent_subscriber" ON "consent" USING btree ("workspace_id","subscriber_id");--> statement-breakpoint
CREATE INDEX "consent_campaign" ON "consent" USING btree ("workspace_id","campaign_id") WHERE campaign_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "field_key" ON "field" USING btree ("workspace_id","key");--> statement-breakpoint
CREATE UNIQUE INDEX "list_name" ON "list" USING btree ("workspace_id",lower("name")) WHERE archived_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "subscriber_email_key" ON "subscriber" USING btree ("workspace_id","email_key");--> statement-breakpoint
CREATE INDEX "subscription_subscriber" ON "subscription" USING btree ("workspace_id","subscriber_id");--> statement-breakpoint
CREATE UNIQUE INDEX "suppression_email" ON "suppression" USING btree ("workspace_id","email_key");--> statement-breakpoint
CREATE INDEX "account_user" ON "account" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "audit_entry_workspace" ON "audit_entry" USING btree ("workspace_id","id");--> statement-breakpoint
CREATE INDEX "invitation_workspace" ON "invitation" USING btree ("workspace_id");--> statement-breakpoint
CREATE UNIQUE INDEX "member_workspace_user" ON "member" USING btree ("workspace_id","user_id");--> statement-breakpoint
CREATE INDEX "member_user" ON "member" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "session_user" ON "session" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "campaign_under_way" ON "campaign" USING btree ("status","launch_at") WHERE status in ('scheduled', 'freezing', 'sending', 'paused', 'cancelling');--> statement-breakpoint
CREATE UNIQUE INDEX "revision_sha256" ON "revision" USING btree ("workspace_id","kind","v","sha256");--> statement-breakpoint
CREATE INDEX "variant_campaign" ON "variant" USING btree ("workspace_id","campaign_id");--> statement-breakpoint
CREATE INDEX "attempt_notable" ON "attempt" USING btree ("workspace_id","source_id","state","message_id") WHERE state in ('deferred', 'failed', 'in_doubt', 'skipped');--> statement-breakpoint
CREATE INDEX "chunk_due" ON "chunk" USING btree ("due_at") WHERE state <> 'done';--> statement-breakpoint
CREATE UNIQUE INDEX "message_person" ON "message" USING btree ("workspace_id","launch_month","source_id","subscriber_id");--> statement-breakpoint
CREATE INDEX "message_chunk" ON "message" USING btree ("workspace_id","launch_month","source_id","chunk");--> statement-breakpoint
CREATE UNIQUE INDEX "sender_default" ON "sender" USING btree ("workspace_id") WHERE is_default and archived_at is null;--> statement-breakpoint
CREATE INDEX "event_campaign" ON "event" USING btree ("workspace_id","campaign_id","kind","received_at");--> statement-breakpoint
CREATE INDEX "event_message" ON "event" USING btree ("workspace_id","message_id","received_at");
--> statement-breakpoint
-- Makes the partitions that rows of the month of `at` (UTC) go to. Idempotent and safe to race: the lock lets one make them.
CREATE FUNCTION ensure_month_partitions(at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  first_day date := date_trunc('month', at AT TIME ZONE 'UTC');
  next_day date := first_day + interval '1 month';
  suffix text := to_char(first_day, 'YYYY_MM');
BEGIN
  IF to_regclass('event_' || suffix) IS NOT NULL THEN RETURN; END IF;
  PERFORM pg_advisory_xact_lock(7073747);
  IF to_regclass('event_' || suffix) IS NOT NULL THEN RETURN; END IF;
  -- Room on each attempt page keeps the update at settling on the same page (HOT).
  EXECUTE format('CREATE TABLE %I PARTITION OF message FOR VALUES FROM (%L) TO (%L)', 'message_' || suffix, first_day, next_day);
  EXECUTE format('CREATE TABLE %I PARTITION OF attempt FOR VALUES FROM (%L) TO (%L) WITH (fillfactor = 60)', 'attempt_' || suffix, first_day, next_day);
  EXECUTE format('CREATE TABLE %I PARTITION OF event FOR VALUES FROM (%L) TO (%L)', 'event_' || suffix,
    first_day::timestamp AT TIME ZONE 'UTC', next_day::timestamp AT TIME ZONE 'UTC');
END $$;
--> statement-breakpoint
ALTER TABLE "chunk" SET (fillfactor = 50);
--> statement-breakpoint
-- A message's state: its newest attempt's, or pending, or claimed while a worker holds its chunk. The one place that says so.
CREATE VIEW message_state AS
SELECT m.workspace_id, m.launch_month, m.id, m.source_kind, m.source_id, m.variant_id, m.subscriber_id, m.email, m.chunk,
  coalesce(a.state, CASE WHEN c.state = 'leased' AND c.lease_until > now() THEN 'claimed' ELSE 'pending' END) AS state,
  a.n AS attempt_n, a.class, a.phase, a.code, a.enhanced, a.reply, a.sender_id, a.tries, a.fence, a.started_at, a.settled_at, a.next_at
FROM message m
LEFT JOIN chunk c ON c.workspace_id = m.workspace_id AND c.source_id = m.source_id AND c.no = m.chunk
LEFT JOIN LATERAL (
  SELECT * FROM attempt a
  WHERE a.workspace_id = m.workspace_id AND a.launch_month = m.launch_month AND a.message_id = m.id
  ORDER BY a.n DESC LIMIT 1
) a ON true;
