-- Look-ups read what counted when their call began, in one table, and what the call itself has written; retention what counts no more.
CREATE INDEX "table_rows_table_id_until_at_idx" ON "table_rows"("table_id", "until_at");

-- From here on: what Prisma's schema has no words for. Most versions were written by nobody's call, or count still.
CREATE INDEX "table_rows_of_calls" ON "table_rows" ("call_id") WHERE "call_id" IS NOT NULL;
CREATE INDEX "table_rows_over" ON "table_rows" ("tenant_id", "until_at") WHERE "until_at" IS NOT NULL;
