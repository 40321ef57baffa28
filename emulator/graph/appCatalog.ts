import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import { sameId } from '#ground/ids.ts'
import type { Bearer } from '../wire/entra.ts'
import { parseOrRefuse, Refusal } from '../wire/refusal.ts'
import {
  type AppCatalog,
  type AppDefinition,
  type CatalogApp,
  definitionId,
  shownDefinition,
} from '../world/appCatalog.ts'
import { readAppPackage } from '../world/appPackage.ts'
import { comparisonOf, conditionsOf, contextOf } from './odata.ts'
import { type DoorDeps, openResourceDoor, type ResourceRequest } from './resourceDoor.ts'
import { badRequest, notFound } from './resourceRefusals.ts'

/** The app catalog of Microsoft Graph v1.0. */

const appsPath = '/appCatalogs/teamsApps'
/** Not documented. */
const maxPackageBytes = 10_000_000

const review = z.strictObject({ publishingState: z.enum(['published', 'rejected']) })

/** A zip on its way in. Records of requests see its size only. */
class Zip {
  readonly #bytes: Buffer
  readonly byteLength: number

  constructor(bytes: Buffer) {
    this.#bytes = bytes
    this.byteLength = bytes.byteLength
  }

  manifest() {
    return readAppPackage(this.#bytes)
  }
}

type Deps = DoorDeps & { catalog: AppCatalog }

export async function appCatalogRoutes(server: FastifyInstance, { tokens, users, catalog }: Deps): Promise<void> {
  const { on } = openResourceDoor(server, { tokens, users })
  server.addContentTypeParser(
    'application/zip',
    { parseAs: 'buffer', bodyLimit: maxPackageBytes },
    (_request, body, done) => done(null, new Zip(Buffer.from(body))),
  )
  const appOf = ({ bearer, params }: ResourceRequest) => catalog.find(bearer.tenantId, params.appId ?? '')

  on('teamsapp-list', 'GET', appsPath, ({ bearer, query }) => {
    const isWanted = matcherOf(query.$filter)
    const expand = expandOf(query.$expand)
    const apps = catalog.list(bearer.tenantId).filter(isWanted)
    return {
      status: 200,
      body: { ...contextOf('appCatalogs/teamsApps'), value: apps.map((app) => appView(app, expand)) },
    }
  })

  on('teamsapp-publish', 'POST', appsPath, ({ bearer, query, body }) => {
    const app = catalog.publish(bearer.tenantId, askedOf(bearer, query, body))
    const view = { ...contextOf('appCatalogs/teamsApps/$entity'), ...appView(app, null) }
    return { status: 201, location: `${appsPath}/${app.id}`, body: view }
  })

  on('teamsapp-update', 'POST', `${appsPath}/:appId/appDefinitions`, (asked) => {
    const { bearer, query, body } = asked
    const app = appOf(asked)
    const update = askedOf(bearer, query, body)
    const definition = catalog.update(app, update)
    if (!update.isForReview) return { status: 204 }
    const path = `${appsPath}/${app.id}/appDefinitions`
    return {
      status: 201,
      location: `${path}/${definitionId(app, definition)}`,
      body: definitionEntity(app, definition),
    }
  })

  // The page of teamsapp-publish shows it (its example 3); it is no operation of its own in the contract.
  on('teamsapp-publish', 'PATCH', `${appsPath}/:appId/appDefinitions/:definitionId`, (asked) => {
    requireReviewer(asked.bearer)
    const app = appOf(asked)
    const definition = app.definitions.find((one) => definitionId(app, one) === asked.params.definitionId)
    if (!definition) throw notFound('App definition')
    const match = asked.headers['if-match']
    if (match && match !== '*' && match !== definition.etag) {
      throw new Refusal(412, 'PreconditionFailed', 'The app definition has changed.')
    }
    catalog.review(definition, parseOrRefuse(review, asked.body, 'BadRequest').publishingState)
    return { status: 200, body: definitionEntity(app, definition) }
  })

  on('teamsapp-delete', 'DELETE', `${appsPath}/:appId`, (asked) => {
    catalog.remove(appOf(asked))
    return { status: 204 }
  })
}

/** Who may publish without asking anybody: with AppCatalog.Submit alone one submits (its name; the contract says no more). */
const canReview = ({ user }: Bearer) =>
  Boolean(user?.scopes.some((scope) => ['AppCatalog.ReadWrite.All', 'Directory.ReadWrite.All'].includes(scope)))

function requireReviewer(bearer: Bearer): void {
  if (!canReview(bearer)) throw new Refusal(403, '7504', 'AppCatalog.Submit allows requiresReview=true only.')
}

function askedOf(bearer: Bearer, { requiresReview }: Record<string, string>, body: unknown) {
  if (requiresReview !== undefined && !/^(true|false)$/i.test(requiresReview)) {
    throw badRequest('requiresReview: must be true or false.')
  }
  const isForReview = requiresReview?.toLowerCase() === 'true'
  if (!isForReview) requireReviewer(bearer)
  if (!(body instanceof Zip)) throw badRequest('The body must be an app package, sent as application/zip.')
  return { manifest: body.manifest(), userId: bearer.user?.id ?? '', isForReview }
}

type Matches = (app: CatalogApp) => boolean

/** The filters of the documented requests, and the same for the other members. Throws a Refusal 400 for others. */
function matcherOf(filter: string | undefined): Matches {
  const all = filter === undefined ? [] : conditionsOf(filter).map(conditionMatcher)
  return (app) => all.every((matches) => matches(app))
}

function conditionMatcher(condition: string): Matches {
  if (/^appDefinitions\/any\((\w+):\s*\1\/bot ne null\)$/i.test(condition)) {
    return ({ definitions }) => definitions.some(({ manifest }) => manifest.bots?.length)
  }
  const inDefinitions = /^appDefinitions\/any\((\w+):\s*\1\/(.*)\)$/i.exec(condition)?.[2]
  if (inDefinitions !== undefined) {
    const { member, value } = comparisonOf(inDefinitions)
    if (member !== 'publishingstate') throw badRequest('$filter: the emulator knows publishingState and bot here.')
    return ({ definitions }) => definitions.some(({ publishingState }) => publishingState === value.toLowerCase())
  }
  const { member, value } = comparisonOf(condition)
  const of = filterMembers[member]
  if (!of) throw badRequest(`$filter: the emulator knows ${Object.keys(filterMembers).join(', ')}.`)
  return (app) => sameId(of(app), value)
}

const filterMembers: Record<string, (app: CatalogApp) => string> = {
  id: ({ id }) => id,
  externalid: ({ externalId }) => externalId,
  displayname: (app) => shownDefinition(app)?.manifest.name.short ?? '',
  // Nothing comes from the store here.
  distributionmethod: () => 'organization',
}

type Expand = { bots: boolean } | null

function expandOf(expand: string | undefined): Expand {
  if (expand === undefined) return null
  if (/^appDefinitions(\(\$select=[\w,]+\))?$/i.test(expand)) return { bots: false }
  if (/^appDefinitions\(\$expand=bot\)$/i.test(expand)) return { bots: true }
  throw badRequest('$expand: the emulator knows appDefinitions and appDefinitions($expand=bot).')
}

function appView(app: CatalogApp, expand: Expand) {
  const view = {
    id: app.id,
    externalId: app.externalId,
    displayName: shownDefinition(app)?.manifest.name.short ?? null,
    distributionMethod: 'organization',
  }
  if (!expand) return view
  const appDefinitions = app.definitions.map((definition) => {
    const botId = definition.manifest.bots?.[0]?.botId
    const bot = expand.bots ? { bot: botId === undefined ? null : { id: botId } } : {}
    return { ...definitionView(app, definition), ...bot }
  })
  return { ...view, appDefinitions }
}

const definitionEntity = (app: CatalogApp, definition: AppDefinition) => ({
  ...contextOf(`appCatalogs/teamsApps('${app.id}')/appDefinitions/$entity`),
  ...definitionView(app, definition),
})

function definitionView(app: CatalogApp, definition: AppDefinition) {
  const { manifest, createdBy, publishingState, lastModifiedDateTime, etag } = definition
  return {
    '@odata.etag': etag,
    id: definitionId(app, definition),
    teamsAppId: app.id,
    // Of the examples; the metadata does not declare it.
    azureADAppId: manifest.webApplicationInfo?.id ?? null,
    displayName: manifest.name.short,
    version: manifest.version,
    publishingState,
    shortDescription: manifest.description.short,
    description: manifest.description.full,
    lastModifiedDateTime,
    createdBy: {
      application: null,
      device: null,
      user: { id: createdBy.userId, displayName: null, userIdentityType: 'aadUser' },
    },
  }
}
