ALTER TABLE "campaign" ADD COLUMN "deciding" jsonb;--> statement-breakpoint
CREATE INDEX "campaign_deciding" ON "campaign" USING btree ("updated_at") WHERE deciding is not null;