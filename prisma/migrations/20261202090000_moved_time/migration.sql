-- A test call may be made as if it were at another time: so far are its clocks put forward, or back. Those of others are never.
ALTER TABLE "routes" ADD COLUMN "moved_seconds" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "routes" ADD CONSTRAINT "routes_time_is_moved_in_tests" CHECK ("moved_seconds" = 0 OR "test");
