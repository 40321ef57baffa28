/** The version that callers hear. */
export type Published = { versionId: string; number: number; at: Date; by: string; hash: string }

/** What is joined may not be there: then all of it is null. */
export type Joined<T> = T | { [Name in keyof T]: null }

/** What is told of a flow wherever it is read, for rows of flows called so; its latest published version is `v`. */
export const published = (flow: string) => `
  ${flow}.id, ${flow}.revision, ${flow}.updated_at as "updatedAt", ${flow}.updated_by as "updatedBy",
  ${flow}.draft_hash as "draftHash", v.*`

/** Joined to rows of flows called `f`. */
export const withLatest = `
  left join lateral (
    select id as "versionId", number, created_at as at, created_by as by, hash from flow_versions
    where tenant_id = $1 and flow_id = f.id and number is not null order by number desc limit 1
  ) v on true`

export const withPublished = <Row extends Joined<Published>>({ versionId, number, at, by, hash, ...row }: Row) => ({
  ...row,
  published: versionId === null ? null : { versionId, number, at, by, hash },
})
