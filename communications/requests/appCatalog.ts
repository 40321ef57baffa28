import { inPath, limit, limitTo } from '../road/limits.ts'
import { listReader, oneOf, orNamed, readIdentitySet, shape, text, withId } from '../wire/read.ts'
import type { IdentitySet } from '../wire/types.ts'
import { answered, each, ended, onceOnly, one, query, repeatable } from './ask.ts'
import { at, type Methods, type Operation } from './operation.ts'

/**
 * Somebody who is signed in, of one tenant. `token` gives their delegated Graph token (AppCatalog.Submit for a review, else
 * AppCatalog.ReadWrite.All); told of one that was refused, it has to fetch another.
 */
export type SignedIn = { tenantId: string; token: (refused?: string) => Promise<string> }

export type TeamsAppDistributionMethod = 'store' | 'organization' | 'sideloaded' | 'unknownFutureValue'
export type TeamsAppPublishingState = 'submitted' | 'rejected' | 'published' | 'unknownFutureValue'

export type TeamsApp = {
  id: string
  /** The id of the app's manifest. */
  externalId?: string
  /** Older examples call it `name`, which is read too. */
  displayName?: string
  distributionMethod?: TeamsAppDistributionMethod
  /** Only when asked for. */
  appDefinitions?: TeamsAppDefinition[]
}

/** One version of an app in the catalog. */
export type TeamsAppDefinition = {
  id: string
  /** What `review` needs. */
  etag?: string
  teamsAppId?: string
  displayName?: string
  version?: string
  publishingState?: TeamsAppPublishingState
  shortDescription?: string
  description?: string
  lastModifiedDateTime?: string
  createdBy?: IdentitySet
  authorization?: {
    clientAppId?: string
    requiredPermissionSet?: {
      resourceSpecificPermissions?: {
        permissionType?: 'delegated' | 'application' | 'unknownFutureValue'
        permissionValue?: string
      }[]
    }
  }
  bot?: { id: string }
}

/** "PK", and the marks of a first file: an empty zip is no app. */
const isZip = (bytes: Uint8Array) => bytes.length > 4 && [0x50, 0x4b, 0x03, 0x04].every((byte, n) => bytes[n] === byte)

type Authorization = NonNullable<TeamsAppDefinition['authorization']>
type PermissionSet = NonNullable<Authorization['requiredPermissionSet']>
type Permission = NonNullable<PermissionSet['resourceSpecificPermissions']>[number]

const definition = withId<TeamsAppDefinition>(
  shape<TeamsAppDefinition>({
    id: text,
    etag: text,
    teamsAppId: text,
    displayName: text,
    version: text,
    publishingState: oneOf<TeamsAppPublishingState>(['submitted', 'rejected', 'published'], 'unknownFutureValue'),
    shortDescription: text,
    description: text,
    lastModifiedDateTime: text,
    createdBy: readIdentitySet,
    authorization: shape<Authorization>({
      clientAppId: text,
      requiredPermissionSet: shape<PermissionSet>({
        resourceSpecificPermissions: listReader(
          shape<Permission>({
            permissionType: oneOf<NonNullable<Permission['permissionType']>>(
              ['delegated', 'application'],
              'unknownFutureValue',
            ),
            permissionValue: text,
          }),
        ),
      }),
    }),
    bot: withId<{ id: string }>(shape<{ id: string }>({ id: text })),
  }),
)
const readDefinition = orNamed('etag', '@odata.etag', definition)

const app = withId<TeamsApp>(
  shape<TeamsApp>({
    id: text,
    externalId: text,
    displayName: text,
    distributionMethod: oneOf<TeamsAppDistributionMethod>(
      ['store', 'organization', 'sideloaded'],
      'unknownFutureValue',
    ),
    appDefinitions: listReader(readDefinition),
  }),
)
const readTeamsApp = orNamed('displayName', 'name', app)

const apps = '/appCatalogs/teamsApps'
const signedIn = at<SignedIn>(({ tenantId, token }) => ({ path: apps, tenantId, token }))
const anybody = at<{ tenantId: string; token?: SignedIn['token'] }>(({ tenantId, token }) => ({
  path: apps,
  tenantId,
  token,
}))

function upload(appPackage: Uint8Array, operation: string) {
  limit(operation, isZip(appPackage), 'an app package is a zip file')
  return { rawBody: appPackage, headers: { 'content-type': 'application/zip' } }
}

/** Only true changes anything; the documented requests leave it out otherwise. */
const review = ({ requiresReview }: { requiresReview?: boolean }) => ({
  below: query({ requiresReview: requiresReview ? 'true' : undefined }),
})

type Reviewed = { teamsAppId: string; id: string; etag: string }
type Verdict = 'published' | 'rejected'

/** Its path names what is judged, and what is said is the verdict. */
const verdict: Operation<[user: SignedIn, definition: Reviewed, publishingState: Verdict], TeamsAppDefinition> = {
  method: 'PATCH',
  how: onceOnly,
  outcome: one(readDefinition),
  takes: 3,
  request(operation, { tenantId, token }, { teamsAppId, id, etag }, publishingState) {
    limitTo(operation, 'publishingState', publishingState, ['published', 'rejected'])
    limit(operation, etag !== '', 'the etag of the definition is empty')
    const of = `${apps}/${inPath(operation, 'app', teamsAppId)}/appDefinitions/${inPath(operation, 'definition', id)}`
    return { path: of, tenantId, token, headers: { 'if-match': etag }, body: { publishingState } }
  },
}

/**
 * The Teams apps of a tenant. Publishing, updating and deleting are for signed-in people only: no permission lets an app do it. Every
 * method throws GraphError; a package that is none is refused before sending, with code `badRequest`.
 */
export type AppCatalog = Methods<typeof appCatalog>

export const appCatalog = {
  /** With the app's own token (AppCatalog.Read.All), or that of somebody who is signed in. `filter` and `expand` in OData's words. */
  list: anybody(
    'GET',
    '',
    repeatable,
    each(readTeamsApp),
    (asked: { filter?: string; expand?: string } | undefined) => ({
      below: query({ $filter: asked?.filter, $expand: asked?.expand }),
    }),
  ),
  /**
   * `appPackage` is the zip. With `requiresReview` an administrator has to approve it. Never sent twice after a failure that may hide
   * success.
   */
  publish: { ...signedIn('POST', '', onceOnly, one(readTeamsApp), upload), own: review },
  /** A new version of an app. The definition when it waits for review, null when it was taken at once. */
  update: {
    ...signedIn(
      'POST',
      '/{app}/appDefinitions',
      onceOnly,
      answered(({ body }) => readDefinition(body) ?? null),
      upload,
    ),
    own: review,
  },
  /**
   * An administrator's word on a version that waits. `etag` is the definition's, so that it is about the version that was seen. Never
   * sent twice after a failure that may hide success: that has changed the etag, and a repeat would be refused by 412.
   */
  review: verdict,
  /** An app that is gone already counts as deleted. */
  delete: signedIn('DELETE', '/{app}', repeatable, ended),
}
