-- Calls that programs have started, by the keys that keep them from being started twice; for a day.
CREATE TABLE "executions" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "flow_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "request" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "executions_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "executions_tenant_id_key_key" ON "executions"("tenant_id", "key");
CREATE INDEX "executions_tenant_id_at_idx" ON "executions"("tenant_id", "at");

-- What such a call brings with it, where its test route leads.
ALTER TABLE "routes" ADD COLUMN "data" JSON;
