-- What a published version is from outside (flow/subFlows.ts). Those of before are no sub-flows.
ALTER TABLE "flow_versions" ADD COLUMN "face" JSONB;

-- The version of a step in a flow that was entered from another one; null: that of the call.
ALTER TABLE "call_steps" ADD COLUMN "version_id" UUID;

-- Flows that enter others follow what is published, removed or restored: the next call sees it.
CREATE FUNCTION "count_published"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE "tenants" SET "shared_revision" = "shared_revision" + 1 WHERE "id" = NEW."tenant_id";
    PERFORM pg_notify('routes', NEW."tenant_id"::text);
    RETURN NULL;
END
$$;

CREATE TRIGGER "published_versions_are_counted" AFTER INSERT ON "flow_versions"
    FOR EACH ROW WHEN (NEW."number" IS NOT NULL) EXECUTE FUNCTION "count_published"();

CREATE TRIGGER "removed_flows_are_counted" AFTER UPDATE OF "deleted_at" ON "flows"
    FOR EACH ROW WHEN (OLD."deleted_at" IS DISTINCT FROM NEW."deleted_at")
    EXECUTE FUNCTION "count_published"();
