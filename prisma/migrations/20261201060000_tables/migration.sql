CREATE TABLE "tables" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "columns" JSON NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_by" TEXT NOT NULL,

    CONSTRAINT "tables_pkey" PRIMARY KEY ("id")
);

ALTER TABLE "tables" ADD CONSTRAINT "tables_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- People choose tables by their names.
CREATE UNIQUE INDEX "tables_one_name" ON "tables" ("tenant_id", lower("name"));

-- Every version of every row: who changed what, and what counted when. One that was removed ends in a version without cells.
CREATE TABLE "table_rows" (
    "id" UUID NOT NULL,
    "row_id" UUID NOT NULL,
    "table_id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "position" DOUBLE PRECISION NOT NULL,
    "cells" JSON,
    -- What look-ups compare, made by flow/table.ts: the same values as in the cells, in one spelling.
    "keys" JSONB NOT NULL,
    -- To the microsecond: versions of one row follow each other.
    "from_at" TIMESTAMPTZ(6) NOT NULL,
    "until_at" TIMESTAMPTZ(6),
    "by" TEXT NOT NULL,
    "call_id" UUID,

    CONSTRAINT "table_rows_pkey" PRIMARY KEY ("id")
);

ALTER TABLE "table_rows" ADD CONSTRAINT "table_rows_table_id_fkey" FOREIGN KEY ("table_id") REFERENCES "tables"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE UNIQUE INDEX "table_rows_one_now" ON "table_rows" ("table_id", "row_id") WHERE "until_at" IS NULL;
CREATE INDEX "table_rows_table_id_from_at_idx" ON "table_rows" ("table_id", "from_at");

-- Flows are made ready anew when what they speak of has another name or other columns, and not for each row.
CREATE TRIGGER "tables_are_counted" AFTER INSERT OR DELETE ON "tables"
    FOR EACH ROW EXECUTE FUNCTION "count_shared_change"();
CREATE TRIGGER "table_changes_are_counted" AFTER UPDATE ON "tables"
    FOR EACH ROW WHEN (OLD."name" IS DISTINCT FROM NEW."name" OR OLD."columns"::text IS DISTINCT FROM NEW."columns"::text)
    EXECUTE FUNCTION "count_shared_change"();
