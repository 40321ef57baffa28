-- Calls that a flow sent away unanswered came out as drawn: rejected, or sent on. Before PostgreSQL 17 an expression cannot be changed,
-- so the column is made anew; its indexes go with it.
ALTER TABLE "calls" DROP COLUMN "result";

ALTER TABLE "calls" ADD COLUMN "result" TEXT GENERATED ALWAYS AS (
    CASE
        WHEN "state" = 'live' THEN 'live'
        WHEN "outcome" IN ('transferred', 'redirected') THEN 'transferred'
        WHEN "outcome" = 'rejected' THEN 'finished'
        WHEN "failed_block" IS NOT NULL OR "end_code" >= 400 THEN 'notReached'
        WHEN "outcome" = 'endedByFlow' THEN 'finished'
        WHEN "outcome" = 'callerHungUp' THEN 'left'
        ELSE 'notReached'
    END
) STORED;

-- CreateIndex
CREATE INDEX "calls_tenant_id_result_started_at_id_idx" ON "calls"("tenant_id", "result", "started_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "calls_tenant_id_flow_id_result_started_at_id_idx" ON "calls"("tenant_id", "flow_id", "result", "started_at" DESC, "id" DESC);
