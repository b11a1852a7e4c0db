CREATE TABLE "worker" (
	"id" uuid PRIMARY KEY NOT NULL,
	"host" text NOT NULL,
	"pid" integer NOT NULL,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"messages_per_second" real DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "lane" (
	"workspace_id" uuid NOT NULL,
	"name" text NOT NULL,
	"connections" integer,
	"rate_per_second" real,
	"slowed_rate" real,
	"slowed_at" timestamp with time zone,
	"raise_at" timestamp with time zone,
	"detail" text,
	"next_at" timestamp with time zone,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "lane_workspace_id_name_pk" PRIMARY KEY("workspace_id","name")
);
--> statement-breakpoint
CREATE TABLE "sender_share" (
	"workspace_id" uuid NOT NULL,
	"sender_id" uuid NOT NULL,
	"owner" uuid NOT NULL,
	"held" integer NOT NULL,
	"lease_until" timestamp with time zone NOT NULL,
	CONSTRAINT "sender_share_workspace_id_sender_id_owner_pk" PRIMARY KEY("workspace_id","sender_id","owner")
);
--> statement-breakpoint
CREATE TABLE "sending_domain" (
	"workspace_id" uuid NOT NULL,
	"id" uuid DEFAULT new_id() NOT NULL,
	"domain" text NOT NULL,
	"selector" text NOT NULL,
	"rsa_public" text NOT NULL,
	"rsa_private_sealed" text NOT NULL,
	"ed25519_selector" text,
	"ed25519_public" text,
	"ed25519_private_sealed" text,
	"signing" boolean DEFAULT false NOT NULL,
	"checked_at" timestamp with time zone,
	"findings" jsonb,
	"archived_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sending_domain_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
ALTER TABLE "instance" ADD COLUMN "instance_id" text;--> statement-breakpoint
ALTER TABLE "instance" ADD COLUMN "database_identity" text;--> statement-breakpoint
ALTER TABLE "instance" ADD COLUMN "epoch" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "instance" ADD COLUMN "confirmed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "campaign" ADD COLUMN "sender_ids" uuid[];--> statement-breakpoint
ALTER TABLE "campaign" ADD COLUMN "canary_count" integer;--> statement-breakpoint
ALTER TABLE "campaign" ADD COLUMN "canary_minutes" integer;--> statement-breakpoint
ALTER TABLE "campaign" ADD COLUMN "canary_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "campaign" ADD COLUMN "overruled" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "chunk" ADD COLUMN "hard" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "chunk" ADD COLUMN "blocked" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "chunk" ADD COLUMN "content" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "sender" ADD COLUMN "auth_method" text DEFAULT 'auto' NOT NULL;--> statement-breakpoint
ALTER TABLE "sender" ADD COLUMN "oauth" jsonb;--> statement-breakpoint
ALTER TABLE "sender" ADD COLUMN "oauth_sealed" text;--> statement-breakpoint
ALTER TABLE "sender" ADD COLUMN "authorities" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "sender" ADD COLUMN "rate_per_minute" integer;--> statement-breakpoint
ALTER TABLE "sender" ADD COLUMN "rate_per_day" integer;--> statement-breakpoint
ALTER TABLE "sender" ADD COLUMN "warmup" jsonb;--> statement-breakpoint
ALTER TABLE "sender" ADD COLUMN "weight" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "sending_domain_name" ON "sending_domain" USING btree ("workspace_id","domain") WHERE archived_at is null;