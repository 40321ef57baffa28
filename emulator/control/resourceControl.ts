import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import { sameId } from '#ground/ids.ts'
import { dateTime } from '../graph/onlineMeetingBodies.ts'
import type { Settings } from '../settings.ts'
import { type AccessTokens, resources as services, tokenLifeSeconds } from '../wire/entra.ts'
import { parseOrRefuse, Refusal } from '../wire/refusal.ts'
import { type User, userSchema } from '../wire/users.ts'
import { type CatalogApp, definitionId } from '../world/appCatalog.ts'
import type { Media, MediaKind } from '../world/meetingArtifacts.ts'
import type { World } from '../world/world.ts'
import { appOf, meetingOf, refuseUnknown } from './found.ts'

/** The control API for what is no call: users and their tokens, meetings and what is left of them, review of apps. */

const day = 86_400_000
/** How long a calendar meeting can still be looked into after its end. Not in the contract: project choice. */
const meetingExpiresAfterMs = 60 * day
const maxRecordingBytes = 20_000_000

const shown = z.strictObject({ availability: z.string().min(1), activity: z.string().min(1) })
const putUser = userSchema.extend({
  /** What this person's own Teams shows. */
  presence: shown.optional(),
})
const giveToken = z.strictObject({
  userId: z.string().min(1),
  tenantId: z.string().optional(),
  appId: z.string().optional(),
  scopes: z.array(z.string().regex(/^\S+$/, 'must be one word')).min(1),
  /** `graph` for a token that Graph takes, `app` for one that the app exchanges on behalf of the user. */
  resource: z.enum(['graph', 'app']).default('graph'),
})
const createMeeting = z.strictObject({
  tenantId: z.string().optional(),
  organizer: z.strictObject({ id: z.string().min(1), displayName: z.string().nullable().default(null) }),
  subject: z.string().nullable().default(null),
  startDateTime: dateTime.optional(),
  endDateTime: dateTime.optional(),
  expiryDateTime: dateTime.optional(),
  threadId: z.string().min(1).optional(),
  joinMeetingId: z.string().regex(/^\d+$/, 'must be digits').optional(),
  passcode: z.string().nullable().optional(),
  lobbyBypass: z.enum(['everyone', 'organization', 'organizer']).optional(),
  locked: z.boolean().optional(),
})
const media = z.strictObject({
  createdDateTime: dateTime.optional(),
  endDateTime: dateTime.optional(),
  callId: z.string().min(1).default(randomUUID),
})
const addTranscript = media.extend({ content: z.string().regex(/^\uFEFF?WEBVTT/, 'must be WebVTT') })
const addRecording = media.extend({ contentBase64: z.base64() })
const addReport = z.strictObject({
  meetingStartDateTime: dateTime,
  meetingEndDateTime: dateTime,
  attendanceRecords: z.array(
    z.strictObject({
      emailAddress: z.string().nullable().default(null),
      role: z.string().default('Attendee'),
      identity: z.strictObject({
        id: z.string(),
        displayName: z.string().nullable().default(null),
        tenantId: z.string().nullable().default(null),
      }),
      attendanceIntervals: z
        .array(z.strictObject({ joinDateTime: dateTime, leaveDateTime: dateTime }))
        .refine(
          (all) =>
            all.every(({ joinDateTime, leaveDateTime }) => Date.parse(joinDateTime) <= Date.parse(leaveDateTime)),
          'nobody leaves before they join',
        ),
    }),
  ),
})
const reviewApp = z.strictObject({ publishingState: z.enum(['published', 'rejected']) })

type OnMeeting = { Params: { meetingId: string } }
type Deps = World & { tokens: AccessTokens }

export async function resourceControlRoutes(server: FastifyInstance, deps: Deps): Promise<void> {
  userRoutes(server, deps)
  meetingRoutes(server, deps)
  artifactRoutes(server, deps)
  catalogRoutes(server, deps)
}

/** The tenant that is meant when nobody says: that of the first app. */
const homeOf = ({ apps }: Settings): string => apps[0]?.tenantId ?? ''

function userRoutes(server: FastifyInstance, { settings, users, presences, tokens }: Deps): void {
  const homeTenant = homeOf(settings)
  server.post('/emulator/users', async (request, reply) => {
    const { presence, ...asked } = parseOrRefuse(putUser, request.body, 'badRequest')
    const user: User = { ...asked, tenantId: asked.tenantId ?? homeTenant }
    users.put(user)
    if (presence) presences.setOwn(user.id, presence)
    return reply.status(201).send(user)
  })
  server.get('/emulator/users', async () => users.list())

  server.post('/emulator/tokens', async (request) => {
    const asked = parseOrRefuse(giveToken, request.body, 'badRequest')
    const app = appOf(settings.apps, asked.appId)
    const user =
      users.find(asked.tenantId ?? homeTenant, asked.userId) ??
      refuseUnknown('userNotFound', 'There is no such user.', 'POST /emulator/users makes one.')
    const audience = asked.resource === 'graph' ? services.graph : app.appId
    const access_token = await tokens.issueFor(user, app, audience, asked.scopes)
    return { token_type: 'Bearer', scope: asked.scopes.join(' '), expires_in: tokenLifeSeconds, access_token }
  })
}

function meetingRoutes(server: FastifyInstance, { settings, users, meetings, clock }: Deps): void {
  server.post('/emulator/meetings', async (request, reply) => {
    const { expiryDateTime, ...asked } = parseOrRefuse(createMeeting, request.body, 'badRequest')
    const tenantId = asked.tenantId ?? homeOf(settings)
    // Whoever organises a meeting is somebody.
    if (!users.find(tenantId, asked.organizer.id)) users.put({ ...putUser.parse(asked.organizer), tenantId })
    const until = Date.parse(asked.endDateTime ?? new Date(clock.now()).toISOString()) + meetingExpiresAfterMs
    const expires = expiryDateTime ?? new Date(until).toISOString()
    const more = { meetingType: 'scheduled', expiryDateTime: expires }
    return reply.status(201).send(meetings.create({ ...asked, tenantId, more }))
  })
  server.get('/emulator/meetings', async () => meetings.list())
}

/** What is left of a meeting. */
function artifactRoutes(server: FastifyInstance, { meetings, artifacts, clock }: Deps): void {
  const add = (meetingId: string, kind: MediaKind, content: Buffer, asked: z.output<typeof media>) => {
    const now = new Date(clock.now()).toISOString()
    const { callId, createdDateTime = now, endDateTime = now } = asked
    const added = artifacts.addMedia(meetingOf(meetings, meetingId).id, kind, {
      callId,
      createdDateTime,
      endDateTime,
      content,
    })
    return withoutContent(added)
  }
  server.post<OnMeeting>('/emulator/meetings/:meetingId/transcripts', async ({ params, body }, reply) => {
    const { content, ...asked } = parseOrRefuse(addTranscript, body, 'badRequest')
    return reply.status(201).send(add(params.meetingId, 'transcripts', Buffer.from(content), asked))
  })
  // Base64 takes a third more.
  const bodyLimit = Math.ceil(maxRecordingBytes * 1.4)
  server.post<OnMeeting>('/emulator/meetings/:meetingId/recordings', { bodyLimit }, async ({ params, body }, reply) => {
    const { contentBase64, ...asked } = parseOrRefuse(addRecording, body, 'badRequest')
    return reply.status(201).send(add(params.meetingId, 'recordings', Buffer.from(contentBase64, 'base64'), asked))
  })
  server.post<OnMeeting>('/emulator/meetings/:meetingId/attendanceReports', async ({ params, body }, reply) => {
    const report = parseOrRefuse(addReport, body, 'badRequest')
    return reply.status(201).send(artifacts.addReport(meetingOf(meetings, params.meetingId).id, report))
  })
}

function catalogRoutes(server: FastifyInstance, { catalog }: Deps): void {
  server.get('/emulator/catalog', async () => catalog.list().map(appView))
  server.post<{ Params: { appId: string } }>('/emulator/catalog/:appId/review', async ({ params, body }) => {
    const { publishingState } = parseOrRefuse(reviewApp, body, 'badRequest')
    const app = catalog.list().find(({ id }) => sameId(id, params.appId))
    if (!app) return refuseUnknown('appNotFound', 'There is no such app.', 'GET /emulator/catalog lists the apps.')
    const waiting = app.definitions.findLast((definition) => definition.publishingState === 'submitted')
    if (!waiting) {
      throw new Refusal(409, 'nothingToReview', 'No version of this app waits for review.', {
        next: 'Publish one with requiresReview=true.',
      })
    }
    catalog.review(waiting, publishingState)
    return appView(app)
  })
}

const withoutContent = ({ content, ...rest }: Media) => ({ ...rest, bytes: content.byteLength })

const appView = (app: CatalogApp) => ({
  id: app.id,
  tenantId: app.tenantId,
  externalId: app.externalId,
  definitions: app.definitions.map((definition) => ({
    id: definitionId(app, definition),
    version: definition.manifest.version,
    publishingState: definition.publishingState,
  })),
})
