-- AlterTable
ALTER TABLE "calls" ADD COLUMN     "failed_block" TEXT,
ADD COLUMN     "problem" TEXT;

-- CreateTable
CREATE TABLE "block_names" (
    "tenant_id" UUID NOT NULL,
    "flow_id" UUID NOT NULL,
    "block" TEXT NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "block_names_pkey" PRIMARY KEY ("tenant_id","flow_id","block","name")
);

-- Calls that were written down before failures were: the last one of each. What a flow does by itself ("$...") is none of its blocks.
UPDATE "calls" SET "failed_block" = s."block", "problem" = s."problem" FROM (
    SELECT DISTINCT ON ("call_id") "call_id", "block",
        COALESCE("detail"->>'problem', CASE WHEN "detail"->>'waited' = 'true' THEN 'noAnswer' WHEN "exit" = 'failed' THEN 'notTaken' ELSE 'failed' END) AS "problem"
    FROM "call_steps"
    WHERE ("event" = 'failed' OR "exit" IN ('failed', 'error')) AND "block" NOT LIKE '$%'
    ORDER BY "call_id", "seq" DESC
) s WHERE "calls"."id" = s."call_id";

-- How a call came out for its caller. One rule for lists, filters and the banner; what is not known to be good is not good.
ALTER TABLE "calls" ADD COLUMN "result" TEXT GENERATED ALWAYS AS (
    CASE
        WHEN "state" = 'live' THEN 'live'
        WHEN "outcome" = 'transferred' THEN 'transferred'
        WHEN "failed_block" IS NOT NULL OR "end_code" >= 400 THEN 'notReached'
        WHEN "outcome" = 'endedByFlow' THEN 'finished'
        WHEN "outcome" = 'callerHungUp' THEN 'left'
        ELSE 'notReached'
    END
) STORED;

-- DropIndex
DROP INDEX "calls_flow_id_started_at_idx";

-- DropIndex
DROP INDEX "calls_tenant_id_started_at_idx";

-- CreateIndex
CREATE INDEX "calls_tenant_id_started_at_id_idx" ON "calls"("tenant_id", "started_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "calls_tenant_id_flow_id_started_at_id_idx" ON "calls"("tenant_id", "flow_id", "started_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "calls_tenant_id_result_started_at_id_idx" ON "calls"("tenant_id", "result", "started_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "calls_tenant_id_flow_id_result_started_at_id_idx" ON "calls"("tenant_id", "flow_id", "result", "started_at" DESC, "id" DESC);


-- From here on: what Prisma's schema has no words for.

-- All pieces of three letters or digits of a caller's name and number, each with its tenant's, so that one tenant never reads through
-- the callers of another. Object ids say nothing to people and are left out. An extension (pg_trgm) would do the same, and not every
-- PostgreSQL lets one in.
CREATE FUNCTION "call_grams"("tenant" uuid, "name" text, "number" text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT COALESCE(array_agg(DISTINCT left("tenant"::text, 8) || substr(t, i, 3)), '{}')
    FROM (VALUES (lower("name")), (CASE WHEN "number" LIKE '+%' THEN "number" END)) AS texts(t), generate_series(1, length(t) - 2) AS i
$$;

CREATE INDEX "calls_grams_idx" ON "calls" USING gin ("call_grams"("tenant_id", "caller_name", "caller_id")) WITH (fastupdate = off);

-- Which calls came to a block.
CREATE INDEX "call_steps_block_idx" ON "call_steps"("tenant_id", "block", "at" DESC) INCLUDE ("call_id") WHERE "event" = 'entered';

-- The names that blocks have had for callers, so that calls are found by them. A version is written once, so nothing else changes them.
CREATE FUNCTION "keep_block_names"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO "block_names"
    SELECT NEW."tenant_id", NEW."flow_id", b.key, b.value->>'name' FROM json_each((NEW."document"::json)->'blocks') b
    WHERE b.value->>'name' IS NOT NULL
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

CREATE TRIGGER "flow_versions_name_blocks" AFTER INSERT ON "flow_versions"
    FOR EACH ROW EXECUTE FUNCTION "keep_block_names"();

INSERT INTO "block_names"
SELECT DISTINCT v."tenant_id", v."flow_id", b.key, b.value->>'name' FROM "flow_versions" v, json_each((v."document"::json)->'blocks') b
WHERE b.value->>'name' IS NOT NULL
ON CONFLICT DO NOTHING;
