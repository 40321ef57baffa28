import * as z from 'zod'
import { sameId } from '#ground/ids.ts'
import type { Bearer } from '../wire/entra.ts'
import { badRequest, notFound, parseOrRefuse, Refusal } from '../wire/refusal.ts'
import { type AppDefinition, type CatalogApp, definitionId, shownDefinition } from '../world/appCatalog.ts'
import type { Needs } from './needs.ts'
import { comparisonOf, conditionsOf } from './odata.ts'
import { onTenant } from './onResource.ts'
import { contextOf, listOf, type Operation } from './operation.ts'
import { Zip } from './zip.ts'

/** The app catalog. */

const appsPath = '/appCatalogs/teamsApps'

const toRead: Needs = {
  application: ['AppCatalog.Read.All', 'AppCatalog.ReadWrite.All'],
  delegated: [
    'AppCatalog.Read.All',
    'AppCatalog.ReadWrite.All',
    'AppCatalog.Submit',
    'Directory.Read.All',
    'Directory.ReadWrite.All',
  ],
}
const toWrite: Needs = {
  application: [],
  delegated: ['AppCatalog.ReadWrite.All', 'AppCatalog.Submit', 'Directory.ReadWrite.All'],
}

const review = z.strictObject({ publishingState: z.enum(['published', 'rejected']) })

const catalogOperations = [
  onTenant('teamsapp-list', 'GET', appsPath, {
    needs: toRead,
    act({ world, bearer, query }) {
      const isWanted = matcherOf(query.$filter)
      const expand = expandOf(query.$expand)
      const apps = world.catalog.list(bearer.tenantId).filter(isWanted)
      const value = apps.map((app) => appView(app, expand))
      return listOf('appCatalogs/teamsApps', value)
    },
  }),
  onTenant('teamsapp-publish', 'POST', appsPath, {
    needs: toWrite,
    act({ world, bearer, query, body }) {
      const app = world.catalog.publish(bearer.tenantId, packageOf(bearer, query, body))
      const view = { ...contextOf('appCatalogs/teamsApps/$entity'), ...appView(app, null) }
      return { status: 201, location: `${appsPath}/${app.id}`, body: view }
    },
  }),
  onTenant('teamsapp-update', 'POST', `${appsPath}/:appId/appDefinitions`, {
    needs: toWrite,
    act({ world, bearer, params, query, body }) {
      const app = world.catalog.find(bearer.tenantId, params.appId)
      const update = packageOf(bearer, query, body)
      const definition = world.catalog.update(app, update)
      if (!update.isForReview) return { status: 204 }
      const location = `${appsPath}/${app.id}/appDefinitions/${definitionId(app, definition)}`
      return { status: 201, location, body: definitionEntity(app, definition) }
    },
  }),
  // The page of teamsapp-publish shows it (its example 3); it is no operation of its own in the contract.
  onTenant('teamsapp-publish', 'PATCH', `${appsPath}/:appId/appDefinitions/:definitionId`, {
    needs: toWrite,
    act({ world, bearer, params, headers, body }) {
      requireReviewer(bearer)
      const app = world.catalog.find(bearer.tenantId, params.appId)
      const definition = app.definitions.find((one) => definitionId(app, one) === params.definitionId)
      if (!definition) throw notFound('App definition')
      const match = headers['if-match']
      if (match && match !== '*' && match !== definition.etag) {
        throw new Refusal(412, 'PreconditionFailed', 'The app definition has changed.')
      }
      world.catalog.review(definition, parseOrRefuse(review, body, 'BadRequest').publishingState)
      return { body: definitionEntity(app, definition) }
    },
  }),
  onTenant('teamsapp-delete', 'DELETE', `${appsPath}/:appId`, {
    needs: toWrite,
    status: 204,
    act: ({ world, bearer, params }) => world.catalog.remove(world.catalog.find(bearer.tenantId, params.appId)),
  }),
]

export const appCatalogOperations = catalogOperations.map((one): Operation => ({ ...one, takesZip: true }))

/** Who may publish without asking anybody: with AppCatalog.Submit alone one submits (its name; the contract says no more). */
function requireReviewer({ user }: Bearer): void {
  if (user?.scopes.some((scope) => ['AppCatalog.ReadWrite.All', 'Directory.ReadWrite.All'].includes(scope))) return
  throw new Refusal(403, '7504', 'AppCatalog.Submit allows requiresReview=true only.')
}

function packageOf(bearer: Bearer, { requiresReview }: Record<string, string>, body: unknown) {
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
  const of = Object.hasOwn(filterMembers, member) ? filterMembers[member] : undefined
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
