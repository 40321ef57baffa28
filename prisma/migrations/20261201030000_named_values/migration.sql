-- CreateTable
CREATE TABLE "named_values" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "plain" TEXT,
    "sealed" BYTEA,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_by" TEXT NOT NULL,

    CONSTRAINT "named_values_pkey" PRIMARY KEY ("id"),
    -- A secret is never kept plain, and what is plain is none.
    CONSTRAINT "named_values_one" CHECK (("plain" IS NULL) <> ("sealed" IS NULL))
);

-- CreateIndex
CREATE UNIQUE INDEX "named_values_tenant_id_name_key" ON "named_values"("tenant_id", "name");

-- Bots keep them in memory and load them again when one has changed.
CREATE FUNCTION named_values_tell() RETURNS trigger AS $$
BEGIN
    PERFORM pg_notify('values', COALESCE(NEW."tenant_id", OLD."tenant_id")::text);
    RETURN NULL;
END
$$ LANGUAGE plpgsql;

CREATE TRIGGER named_values_tell AFTER INSERT OR UPDATE OR DELETE ON "named_values"
    FOR EACH ROW EXECUTE FUNCTION named_values_tell();
