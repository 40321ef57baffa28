import { randomUUID } from 'node:crypto'
import type { Clock } from '#ground/clock.ts'
import { sameId } from '#ground/ids.ts'
import { badRequest, notFound, Refusal } from '../wire/refusal.ts'
import { isHigherVersion, type Manifest } from './appPackage.ts'

/** The apps that organisations publish to their people. */

export type PublishingState = 'submitted' | 'rejected' | 'published'

export type AppDefinition = {
  readonly manifest: Manifest
  readonly createdBy: { userId: string }
  publishingState: PublishingState
  lastModifiedDateTime: string
  etag: string
}

export type CatalogApp = {
  readonly id: string
  readonly tenantId: string
  /** The id of the manifest. */
  readonly externalId: string
  /** Newest last. */
  definitions: AppDefinition[]
}

type Asked = { manifest: Manifest; userId: string; isForReview: boolean }

export type AppCatalog = ReturnType<typeof createAppCatalog>

export function createAppCatalog(clock: Clock) {
  const apps = new Map<string, CatalogApp>()
  const definitionOf = ({ manifest, userId, isForReview }: Asked): AppDefinition => ({
    manifest,
    createdBy: { userId },
    publishingState: isForReview ? 'submitted' : 'published',
    lastModifiedDateTime: new Date(clock.now()).toISOString(),
    etag: newEtag(),
  })

  return {
    list: (tenantId?: string) =>
      [...apps.values()].filter((app) => tenantId === undefined || sameId(app.tenantId, tenantId)),
    /** Throws a Refusal 404 for an app that is not there, or is in another tenant. */
    find(tenantId: string, id: string): CatalogApp {
      const app = [...apps.values()].find((one) => sameId(one.id, id) && sameId(one.tenantId, tenantId))
      if (app) return app
      throw notFound('App')
    },
    /** Throws a Refusal 409 for an app that the tenant has. The code is not in the contract. */
    publish(tenantId: string, asked: Asked): CatalogApp {
      const { id: externalId } = asked.manifest
      if ([...apps.values()].some((app) => sameId(app.tenantId, tenantId) && sameId(app.externalId, externalId))) {
        throw new Refusal(409, 'Conflict', 'An app with this id is in the catalog already.')
      }
      const app: CatalogApp = { id: randomUUID(), tenantId, externalId, definitions: [definitionOf(asked)] }
      apps.set(app.id, app)
      return app
    },
    /**
     * Throws a Refusal 400 for the package of another app, and 409 for a version that is not higher than all before. Neither code is
     * in the contract: 409 because another version would have been right.
     */
    update(app: CatalogApp, asked: Asked): AppDefinition {
      const { id, version } = asked.manifest
      if (!sameId(id, app.externalId)) throw badRequest('manifest.json: the id is that of another app.')
      if (!app.definitions.every(({ manifest }) => isHigherVersion(version, manifest.version))) {
        throw new Refusal(409, 'Conflict', 'The version must be higher than those that are in the catalog.')
      }
      const definition = definitionOf(asked)
      app.definitions = [...app.definitions, definition]
      return definition
    },
    /** What an administrator says to a version that waits. Throws a Refusal 409 for one that does not (code not in the contract). */
    review(definition: AppDefinition, verdict: Exclude<PublishingState, 'submitted'>): void {
      if (definition.publishingState !== 'submitted') {
        throw new Refusal(409, 'Conflict', 'This version does not wait for review.')
      }
      definition.publishingState = verdict
      definition.lastModifiedDateTime = new Date(clock.now()).toISOString()
      definition.etag = newEtag()
    },
    remove: (app: CatalogApp) => void apps.delete(app.id),
    forget: () => apps.clear(),
  }
}

const newEtag = () => Buffer.from(`"${randomUUID()}"`).toString('base64')

/** The form that the documented ids decode to. It changes with the state. */
export function definitionId(app: CatalogApp, { manifest, publishingState }: AppDefinition): string {
  const state = publishingState.charAt(0).toUpperCase() + publishingState.slice(1)
  return Buffer.from(`${app.id}##${manifest.version}##${state}`).toString('base64')
}

/** The name and version that people see: the newest that is published, else the newest there is. */
export const shownDefinition = ({ definitions }: CatalogApp): AppDefinition | undefined =>
  definitions.findLast(({ publishingState }) => publishingState === 'published') ?? definitions.at(-1)
