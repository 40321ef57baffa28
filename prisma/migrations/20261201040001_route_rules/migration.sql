-- Who answers what may depend on who calls, and when. Rows that are there keep their meaning: no caller, no time, all in place 0, where
-- the more exact address decides as before.
ALTER TABLE "routes" ADD COLUMN "caller" TEXT,
ADD COLUMN "calendar_id" UUID,
ADD COLUMN "calendar_state" TEXT,
ADD COLUMN "position" INTEGER NOT NULL DEFAULT 0;

-- DropIndex
DROP INDEX "routes_tenant_id_called_key";

-- CreateIndex
-- NULLS NOT DISTINCT is ours: a tenant has one route for each condition, and one without any.
CREATE UNIQUE INDEX "routes_one_of_each" ON "routes"("tenant_id", "called", "caller", "calendar_id", "calendar_state") NULLS NOT DISTINCT;

-- AddForeignKey
ALTER TABLE "routes" ADD CONSTRAINT "routes_calendar_id_fkey" FOREIGN KEY ("calendar_id") REFERENCES "calendars"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- From here on: what Prisma's schema has no words for.

ALTER TABLE "routes" ADD CONSTRAINT "routes_caller_is_somebody" CHECK (
    "caller" ~ '^\+[1-9][0-9]{0,14}$' OR "caller" ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
);

ALTER TABLE "routes" ADD CONSTRAINT "routes_when_is_whole" CHECK (
    ("calendar_id" IS NULL) = ("calendar_state" IS NULL) AND "calendar_state" IN ('open', 'closed', 'holiday')
);
