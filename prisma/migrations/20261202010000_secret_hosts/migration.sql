-- A secret is sent to these hosts and no other; one of before is sent nowhere until somebody allows a host.
ALTER TABLE "named_values" ADD COLUMN "hosts" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[];
