import type { Graph, GraphRequest } from '../road/graph.ts'
import { inPath, limit, limitTo } from '../road/limits.ts'
import { listReader, oneOf, orNamed, readIdentitySet, shape, text, withId } from '../wire/read.ts'
import type { IdentitySet } from '../wire/types.ts'
import { end, entityIn, listFrom, type Options, onceOnly, query } from './ask.ts'

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

/**
 * The Teams apps of a tenant. Publishing, updating and deleting are for signed-in people only: no permission lets an app do it. Every
 * method throws GraphError; a package that is none is refused before sending, with code `badRequest`.
 */
export type AppCatalog = {
  /** With the app's own token (AppCatalog.Read.All), or that of somebody who is signed in. `filter` and `expand` in OData's words. */
  list(
    who: { tenantId: string; token?: SignedIn['token'] },
    asked?: { filter?: string; expand?: string },
    options?: Options,
  ): Promise<TeamsApp[]>
  /**
   * `appPackage` is the zip. With `requiresReview` an administrator has to approve it. Never sent twice after a failure that may hide
   * success.
   */
  publish(user: SignedIn, appPackage: Uint8Array, options?: Options & { requiresReview?: boolean }): Promise<TeamsApp>
  /** A new version of an app. The definition when it waits for review, null when it was taken at once. */
  update(
    user: SignedIn,
    teamsAppId: string,
    appPackage: Uint8Array,
    options?: Options & { requiresReview?: boolean },
  ): Promise<TeamsAppDefinition | null>
  /**
   * An administrator's word on a version that waits. `etag` is the definition's, so that it is about the version that was seen. Never
   * sent twice after a failure that may hide success: that has changed the etag, and a repeat would be refused by 412.
   */
  review(
    user: SignedIn,
    definition: { teamsAppId: string; id: string; etag: string },
    publishingState: 'published' | 'rejected',
    options?: Options,
  ): Promise<TeamsAppDefinition>
  /** An app that is gone already counts as deleted. */
  delete(user: SignedIn, teamsAppId: string, options?: Options): Promise<void>
}

/** The operations on the app catalog, one a function. */
export function appCatalogOver(graph: Graph): AppCatalog {
  const apps = '/appCatalogs/teamsApps'
  const pathOf = (operation: string, teamsAppId: string) => `${apps}/${inPath(operation, 'app', teamsAppId)}`

  function upload(
    request: Pick<GraphRequest, 'operation' | 'path'>,
    { tenantId, token }: SignedIn,
    appPackage: Uint8Array,
    { requiresReview, ...options }: Options & { requiresReview?: boolean } = {},
  ) {
    limit(request.operation, isZip(appPackage), 'an app package is a zip file')
    // Only true changes anything; the documented requests leave it out otherwise.
    const review = query({ requiresReview: requiresReview ? 'true' : undefined })
    return graph.send({
      ...request,
      method: 'POST',
      path: `${request.path}${review}`,
      tenantId,
      token,
      rawBody: appPackage,
      headers: { 'content-type': 'application/zip' },
      ...onceOnly,
      ...options,
    })
  }

  return {
    async list({ tenantId, token }, { filter, expand } = {}, options) {
      const operation = 'appCatalog.list'
      const path = `${apps}${query({ $filter: filter, $expand: expand })}`
      return listFrom(graph, { operation, path, tenantId, token, ...options }, readTeamsApp)
    },

    async publish(user, appPackage, options) {
      const operation = 'appCatalog.publish'
      return entityIn(operation, await upload({ operation, path: apps }, user, appPackage, options), readTeamsApp)
    },

    async update(user, teamsAppId, appPackage, options) {
      const operation = 'appCatalog.update'
      const path = `${pathOf(operation, teamsAppId)}/appDefinitions`
      const answer = await upload({ operation, path }, user, appPackage, options)
      return readDefinition(answer.body) ?? null
    },

    async review({ tenantId, token }, { teamsAppId, id, etag }, publishingState, options) {
      const operation = 'appCatalog.review'
      limitTo(operation, 'publishingState', publishingState, ['published', 'rejected'])
      limit(operation, etag !== '', 'the etag of the definition is empty')
      const answer = await graph.send({
        operation,
        method: 'PATCH',
        path: `${pathOf(operation, teamsAppId)}/appDefinitions/${inPath(operation, 'definition', id)}`,
        tenantId,
        token,
        headers: { 'if-match': etag },
        body: { publishingState },
        ...onceOnly,
        ...options,
      })
      return entityIn(operation, answer, readDefinition)
    },

    async delete({ tenantId, token }, teamsAppId, options) {
      const operation = 'appCatalog.delete'
      await end(graph, { operation, path: pathOf(operation, teamsAppId), tenantId, token, ...options })
    },
  }
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
