-- CreateEnum
CREATE TYPE "call_state" AS ENUM ('live', 'ended');

-- CreateTable
CREATE TABLE "tenants" (
    "id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tenants_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "flows" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "draft" JSON NOT NULL,
    "draft_hash" TEXT NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_by" TEXT NOT NULL,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "flows_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "flow_versions" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "flow_id" UUID NOT NULL,
    "number" INTEGER,
    "document" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT NOT NULL,

    CONSTRAINT "flow_versions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "routes" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "called" TEXT,
    "flow_id" UUID NOT NULL,
    "version_id" UUID NOT NULL,
    "test" BOOLEAN NOT NULL DEFAULT false,
    "expires_at" TIMESTAMPTZ(3),

    CONSTRAINT "routes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "prompts" (
    "id" UUID NOT NULL,
    "public_id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "voice" TEXT NOT NULL,
    "wav" BYTEA NOT NULL,
    "duration_ms" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "prompts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "calls" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "graph_call_id" TEXT NOT NULL,
    "flow_id" UUID NOT NULL,
    "version_id" UUID NOT NULL,
    "test" BOOLEAN NOT NULL,
    "state" "call_state" NOT NULL DEFAULT 'live',
    "caller_name" TEXT,
    "caller_id" TEXT,
    "called" TEXT,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "outcome" TEXT,
    "end_code" INTEGER,
    "end_subcode" INTEGER,
    "last_block" TEXT,

    CONSTRAINT "calls_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "call_steps" (
    "id" BIGSERIAL NOT NULL,
    "tenant_id" UUID NOT NULL,
    "call_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "block" TEXT NOT NULL,
    "event" TEXT NOT NULL,
    "exit" TEXT,
    "detail" JSONB NOT NULL,

    CONSTRAINT "call_steps_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "flows_tenant_id_updated_at_idx" ON "flows"("tenant_id", "updated_at" DESC);

-- CreateIndex
CREATE INDEX "flow_versions_flow_id_hash_idx" ON "flow_versions"("flow_id", "hash");

-- CreateIndex
CREATE UNIQUE INDEX "flow_versions_flow_id_number_key" ON "flow_versions"("flow_id", "number");

-- CreateIndex
CREATE INDEX "routes_flow_id_idx" ON "routes"("flow_id");

-- CreateIndex
-- NULLS NOT DISTINCT is ours: a tenant has one route without an address.
CREATE UNIQUE INDEX "routes_tenant_id_called_key" ON "routes"("tenant_id", "called") NULLS NOT DISTINCT;

-- CreateIndex
CREATE UNIQUE INDEX "prompts_public_id_key" ON "prompts"("public_id");

-- CreateIndex
CREATE UNIQUE INDEX "prompts_tenant_id_key_key" ON "prompts"("tenant_id", "key");

-- CreateIndex
CREATE INDEX "calls_tenant_id_started_at_idx" ON "calls"("tenant_id", "started_at" DESC);

-- CreateIndex
CREATE INDEX "calls_flow_id_started_at_idx" ON "calls"("flow_id", "started_at" DESC);

-- CreateIndex
CREATE INDEX "calls_graph_call_id_idx" ON "calls"("graph_call_id");

-- CreateIndex
CREATE UNIQUE INDEX "call_steps_call_id_seq_key" ON "call_steps"("call_id", "seq");

-- AddForeignKey
ALTER TABLE "flows" ADD CONSTRAINT "flows_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "flow_versions" ADD CONSTRAINT "flow_versions_flow_id_fkey" FOREIGN KEY ("flow_id") REFERENCES "flows"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "routes" ADD CONSTRAINT "routes_flow_id_fkey" FOREIGN KEY ("flow_id") REFERENCES "flows"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "routes" ADD CONSTRAINT "routes_version_id_fkey" FOREIGN KEY ("version_id") REFERENCES "flow_versions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- From here on: what Prisma's schema has no words for.

-- Live calls are few among many: counted for the list of flows, and looked for when the bot starts.
CREATE INDEX "calls_live_idx" ON "calls"("flow_id") WHERE "state" = 'live';

-- A version is written once. Calls under way, and the history, rely on it.
CREATE FUNCTION "refuse_version_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A flow version is never changed or deleted.' USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER "flow_versions_are_immutable" BEFORE UPDATE OR DELETE ON "flow_versions"
    FOR EACH ROW EXECUTE FUNCTION "refuse_version_change"();

CREATE TRIGGER "flow_versions_are_kept" BEFORE TRUNCATE ON "flow_versions"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_version_change"();

-- Who answers what has changed: bots that LISTEN to "routes" load the routes again. Told once per transaction and tenant.
CREATE FUNCTION "tell_routes"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('routes', COALESCE(NEW."tenant_id", OLD."tenant_id")::text);
    RETURN NULL;
END
$$;

CREATE TRIGGER "routes_are_told" AFTER INSERT OR UPDATE OR DELETE ON "routes"
    FOR EACH ROW EXECUTE FUNCTION "tell_routes"();

-- A removed flow does not answer, a restored one does again.
CREATE TRIGGER "removed_flows_are_told" AFTER UPDATE OF "deleted_at" ON "flows"
    FOR EACH ROW EXECUTE FUNCTION "tell_routes"();
