-- A name is given to one flow of a tenant only, by the database itself: two who rename at the same moment cannot both get it.

-- What is the same name for whoever reads it: letter case in any language, one letter or two (é), spaces at the ends.
CREATE FUNCTION "known_as"("name" text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT lower(normalize(trim("name")) COLLATE "und-x-icu")
$$;

-- A document as writeFlow in flow/flow.ts writes it; drafts are known by the hash of that.
CREATE FUNCTION pg_temp.written(value json, margin text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    inside text := E'\n  ' || margin;
    parts text;
BEGIN
    IF json_typeof(value) = 'object' THEN
        SELECT string_agg(inside || to_json(e.key)::text || ': ' || pg_temp.written(e.value, margin || '  '), ',' ORDER BY place)
        INTO parts FROM json_each(value) WITH ORDINALITY AS e(key, value, place);
        RETURN coalesce('{' || parts || E'\n' || margin || '}', '{}');
    ELSIF json_typeof(value) = 'array' THEN
        SELECT string_agg(inside || pg_temp.written(e.value, margin || '  '), ',' ORDER BY place)
        INTO parts FROM json_array_elements(value) WITH ORDINALITY AS e(value, place);
        RETURN coalesce('[' || parts || E'\n' || margin || ']', '[]');
    END IF;
    RETURN value::text;
END
$$;

-- With a number that makes no other name; of 100 UTF-16 units at most, as flowLimits has them.
CREATE FUNCTION pg_temp.free_name(tenant uuid, name text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    base text;
    ending text;
BEGIN
    FOR number IN 2 .. 1000000 LOOP
        base := trim(name);
        ending := ' (' || number || ')';
        WHILE (SELECT sum(CASE WHEN octet_length(point) = 4 THEN 2 ELSE 1 END) FROM string_to_table(base || ending, NULL) point) > 100 LOOP
            base := rtrim(left(base, -1));
        END LOOP;
        EXIT WHEN NOT EXISTS (
            SELECT FROM "flows" f WHERE f."tenant_id" = tenant AND f."deleted_at" IS NULL AND "known_as"(f."name") = "known_as"(base || ending)
        );
    END LOOP;
    RETURN base || ending;
END
$$;

-- Of those that have one name now, the one keeps it that callers hear, else the oldest.
DO $$
DECLARE
    flow record;
    renamed text;
    document text;
BEGIN
    LOCK TABLE "flows" IN SHARE ROW EXCLUSIVE MODE;
    FOR flow IN
        SELECT * FROM (
            SELECT f."id", f."tenant_id", f."name", f."draft", row_number() OVER (
                PARTITION BY f."tenant_id", "known_as"(f."name")
                ORDER BY EXISTS (SELECT FROM "routes" r WHERE r."flow_id" = f."id" AND NOT r."test") DESC, f."created_at", f."id"
            ) AS place
            FROM "flows" f WHERE f."deleted_at" IS NULL
        ) ranked WHERE place > 1 ORDER BY place
    LOOP
        renamed := pg_temp.free_name(flow."tenant_id", flow."name");
        -- Only the head of a document has this margin.
        document := regexp_replace(
            pg_temp.written(flow."draft", ''), '(?n)^  "name": .*$', '  "name": ' || replace(to_json(renamed)::text, '\', '\\') || ','
        ) || E'\n';
        UPDATE "flows" SET "name" = renamed, "draft" = document::json, "revision" = "revision" + 1,
            "draft_hash" = encode(sha256(convert_to(document, 'UTF8')), 'hex')
        WHERE "id" = flow."id";
    END LOOP;
END
$$;

DROP FUNCTION pg_temp.written(json, text);
DROP FUNCTION pg_temp.free_name(uuid, text);

-- In the order of bytes, which no later version of a locale changes.
CREATE UNIQUE INDEX "flows_one_name" ON "flows"("tenant_id", ("known_as"("name")) COLLATE "C") WHERE "deleted_at" IS NULL;
