-- AlterTable
ALTER TABLE "calls" ADD COLUMN     "process" UUID;

-- CreateTable
CREATE TABLE "bot_processes" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "app_id" UUID NOT NULL,
    "beat" BIGINT NOT NULL,

    CONSTRAINT "bot_processes_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "bot_processes_tenant_id_app_id_idx" ON "bot_processes"("tenant_id", "app_id");


-- From here on: what Prisma's schema has no words for.

-- Live calls are few among many: looked for by the process that has them, oldest first.
CREATE INDEX "calls_live_process_idx" ON "calls"("tenant_id", "process", "started_at") WHERE "state" = 'live';
