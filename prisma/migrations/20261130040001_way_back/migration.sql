-- Who deleted a flow and what it answered then, so that its restoring can say what others have taken meanwhile.
ALTER TABLE "flows" ADD COLUMN "deleted_by" TEXT,
ADD COLUMN "answered" TEXT[] DEFAULT ARRAY[]::TEXT[] NOT NULL;

UPDATE "flows" f SET "answered" = ARRAY(SELECT COALESCE(r."called", 'default') FROM "routes" r WHERE r."flow_id" = f."id" AND NOT r."test")
WHERE f."deleted_at" IS NOT NULL;

-- A draft that something else was put in the place of.
ALTER TABLE "flow_versions" ADD COLUMN "kept" BOOLEAN NOT NULL DEFAULT false;

-- Pages of the list, by the last change and by name, as people of any language sort (the database's own order may be that of bytes).
DROP INDEX "flows_tenant_id_updated_at_idx";
CREATE INDEX "flows_tenant_id_updated_at_id_idx" ON "flows"("tenant_id", "updated_at" DESC, "id" DESC);
CREATE INDEX "flows_by_name_idx" ON "flows"("tenant_id", (lower("name" COLLATE "und-x-icu")) COLLATE "und-x-icu", "id") WHERE "deleted_at" IS NULL;
