-- What flows of a tenant share counts its changes: a flow that was made ready with what was there before is made ready anew.
ALTER TABLE "tenants" ADD COLUMN "shared_revision" INTEGER NOT NULL DEFAULT 0;

CREATE TABLE "calendars" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "document" JSON NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_by" TEXT NOT NULL,

    CONSTRAINT "calendars_pkey" PRIMARY KEY ("id")
);

ALTER TABLE "calendars" ADD CONSTRAINT "calendars_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- People choose hours by their names.
CREATE UNIQUE INDEX "calendars_one_name" ON "calendars" ("tenant_id", lower("name"));

CREATE FUNCTION "count_shared_change"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    tenant UUID := COALESCE(NEW."tenant_id", OLD."tenant_id");
BEGIN
    UPDATE "tenants" SET "shared_revision" = "shared_revision" + 1 WHERE "id" = tenant;
    PERFORM pg_notify('routes', tenant::text);
    RETURN NULL;
END
$$;

CREATE TRIGGER "calendars_are_counted" AFTER INSERT OR UPDATE OR DELETE ON "calendars"
    FOR EACH ROW EXECUTE FUNCTION "count_shared_change"();
