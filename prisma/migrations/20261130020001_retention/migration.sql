-- AlterTable
ALTER TABLE "prompts" ADD COLUMN     "used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- From here on: what Prisma's schema has no words for.

-- Test calls are few among many: looked for when tested drafts are old.
CREATE INDEX "calls_tested_versions_idx" ON "calls"("version_id") WHERE "test";

-- A version with a number is written once and never goes. One that was only tested may go, and is not changed either.
CREATE OR REPLACE FUNCTION "refuse_version_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND TG_LEVEL = 'ROW' THEN
        IF OLD."number" IS NULL THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'A flow version is never changed or deleted.' USING ERRCODE = 'restrict_violation';
END
$$;
