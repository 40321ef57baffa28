-- What is dialled has one spelling (ground/called.ts), so that no two flows answer the same account in other letters.

-- The same in SQL, for the rows that are there: API and pages have let through accounts in any letter case.
CREATE FUNCTION pg_temp.spelled(called text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN account ~ '^[0-9a-f]{32}$' THEN account::uuid::text
        WHEN number ~ '^\+[1-9][0-9]{6,14}$' THEN number
    END
    FROM (SELECT regexp_replace(lower(called), '[{}\s-]|urn:uuid:|(8:|28:)?orgid:', '', 'g'),
                 regexp_replace(regexp_replace(called, '^\s*(tel:)?00(?=[1-9])', '+'), 'tel:|[^0-9+]', '', 'g')) s(account, number)
$$;

-- Of those that are the same now, the one stays that callers hear: of a flow that is not deleted, the latest published first.
DELETE FROM "routes" WHERE "id" IN (
    SELECT "id" FROM (
        SELECT r."id", row_number() OVER (
            PARTITION BY r."tenant_id", pg_temp.spelled(r."called")
            ORDER BY f."deleted_at" IS NOT NULL, v."created_at" DESC, r."id"
        ) AS place
        FROM "routes" r JOIN "flows" f ON f."id" = r."flow_id" JOIN "flow_versions" v ON v."id" = r."version_id"
        WHERE r."called" IS NOT NULL
    ) ranked WHERE place > 1
);

-- What is neither an account nor a number was never dialled.
DELETE FROM "routes" WHERE "called" IS NOT NULL AND pg_temp.spelled("called") IS NULL;

UPDATE "routes" SET "called" = pg_temp.spelled("called") WHERE "called" <> pg_temp.spelled("called");

DROP FUNCTION pg_temp.spelled(text);

ALTER TABLE "routes" ADD CONSTRAINT "routes_called_has_one_spelling" CHECK (
    "called" ~ '^\+[1-9][0-9]{6,14}$' OR "called" ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
);
