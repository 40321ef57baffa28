import { inPath, limit, limitTo } from '../road/limits.ts'
import {
  listReader,
  oneOf,
  orNamed,
  type Read,
  type Reader,
  readIdentitySet,
  shape,
  text,
  withId,
} from '../wire/read.ts'
import { answered, each, ended, onceOnly, one, query, repeatable } from './ask.ts'
import { at, type Methods, type Operation } from './operation.ts'

/**
 * Somebody who is signed in, of one tenant. `token` gives their delegated Graph token (AppCatalog.Submit for a review, else
 * AppCatalog.ReadWrite.All); told of one that was refused, it has to fetch another.
 */
export type SignedIn = { tenantId: string; token: (refused?: string) => Promise<string> }

/** "PK", and the marks of a first file: an empty zip is no app. */
const isZip = (bytes: Uint8Array) => bytes.length > 4 && [0x50, 0x4b, 0x03, 0x04].every((byte, n) => bytes[n] === byte)

const future = 'unknownFutureValue'

const definition = orNamed(
  'etag',
  '@odata.etag',
  withId(
    shape({
      id: text,
      /** What `review` needs. */
      etag: text,
      teamsAppId: text,
      displayName: text,
      version: text,
      publishingState: oneOf(['submitted', 'rejected', 'published'], future),
      shortDescription: text,
      description: text,
      lastModifiedDateTime: text,
      createdBy: readIdentitySet,
      authorization: shape({
        clientAppId: text,
        requiredPermissionSet: shape({
          resourceSpecificPermissions: listReader(
            shape({ permissionType: oneOf(['delegated', 'application'], future), permissionValue: text }),
          ),
        }),
      }),
      bot: withId(shape({ id: text })),
    }),
  ),
)
/** One version of an app in the catalog. */
export interface TeamsAppDefinition extends Read<typeof definition> {}
const readDefinition: Reader<TeamsAppDefinition> = definition
export type TeamsAppPublishingState = NonNullable<TeamsAppDefinition['publishingState']>

const app = orNamed(
  'displayName',
  'name',
  withId(
    shape({
      id: text,
      /** The id of the app's manifest. */
      externalId: text,
      /** Older examples call it `name`, which is read too. */
      displayName: text,
      distributionMethod: oneOf(['store', 'organization', 'sideloaded'], future),
      /** Only when asked for. */
      appDefinitions: listReader(readDefinition),
    }),
  ),
)
export interface TeamsApp extends Read<typeof app> {}
const readTeamsApp: Reader<TeamsApp> = app
export type TeamsAppDistributionMethod = NonNullable<TeamsApp['distributionMethod']>

const apps = '/appCatalogs/teamsApps'
type Anybody = Pick<SignedIn, 'tenantId'> & Partial<SignedIn>
const ofWhom = ({ tenantId, token }: Anybody) => ({ path: apps, tenantId, token })
const signedIn = at<SignedIn>(ofWhom)
const anybody = at(ofWhom)

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
