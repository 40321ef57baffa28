-- CreateTable
CREATE TABLE "data_keys" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "wrapped" BYTEA NOT NULL,
    "wrapped_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "data_keys_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "data_keys_tenant_id_key" ON "data_keys"("tenant_id");
