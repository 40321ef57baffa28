-- CreateTable
CREATE TABLE "jobs" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "due" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lease" TIMESTAMPTZ(3),
    "token" UUID,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "progress" JSONB,
    "failure" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "done_at" TIMESTAMPTZ(3),

    CONSTRAINT "jobs_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "jobs_tenant_id_kind_key_created_at_idx" ON "jobs"("tenant_id", "kind", "key", "created_at" DESC);

-- From here on: what Prisma's schema has no words for.

-- What is to be done is there once, and found by when it is due; what is done costs neither.
CREATE UNIQUE INDEX "jobs_unfinished_key" ON "jobs"("tenant_id", "kind", "key") WHERE "done_at" IS NULL;
CREATE INDEX "jobs_due_idx" ON "jobs"((COALESCE("lease", "due"))) WHERE "done_at" IS NULL;
