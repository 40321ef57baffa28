-- Who is to be called back: one row until somebody has done it, however often the caller asks meanwhile.
CREATE TABLE "callbacks" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "call_id" UUID NOT NULL,
    "flow_id" UUID NOT NULL,
    "number" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "due" TIMESTAMPTZ(3) NOT NULL,
    "owner" TEXT,
    "times" INTEGER NOT NULL DEFAULT 1,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "done_at" TIMESTAMPTZ(3),
    "done_by" TEXT,

    CONSTRAINT "callbacks_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "callbacks_tenant_id_done_at_due_idx" ON "callbacks"("tenant_id", "done_at", "due");

-- Whether somebody is on the list already is asked in the middle of a call.
CREATE INDEX "callbacks_open" ON "callbacks" ("tenant_id", "flow_id", "number") WHERE "done_at" IS NULL;
