/** For administrators: streams, and their events with what they say, as far as that is theirs to see. */
import { sql } from '@databases/pg'
import { readNewestStreams, readStreamsBetween, type StreamHeader } from '#log/newest.ts'
import type { RideStatus } from '#ride/events.ts'
import { readerOf, type Viewer } from '#rights/viewer.ts'
import { onlyAdministrators } from './administrators.ts'
import { builder } from './builder.ts'
import type { RequestContext } from './context.ts'
import { RideStatusEnum } from './enums.ts'
import { asGraphQLError } from './errors.ts'
import { costOfPage, ofItsPage } from './field-cost.ts'
import { checkLogPage, mostOfLogPage, readPlaces, writePlaces } from './log-page.ts'
import { LogStreamEvent, readStreamEvents, type StreamEventRow } from './log-stream-events.ts'
import { idsBeginning, isOwnStream, streamIdOf, streamName } from './stream-name.ts'

const statuses: readonly unknown[] = ['ACTIVE', 'PAUSED', 'ENDED', 'FINISHED'] satisfies RideStatus[]

/** Each is read, to say how large it is and when it happened: of an upload of 1,000 positions that takes a third of a millisecond. */
const costOfEvents = (page: { readonly first: number }) => {
  const { multiplier } = costOfPage(page)
  return { field: 1 + multiplier, multiplier }
}

const LogStream = builder.objectRef<StreamHeader>('LogStream').implement({
  description: 'All that happened to one ride, in order.',
  fields: (t) => ({
    name: t.id({
      description:
        "By which `logStream` finds it: the ride's id where the ride is the viewer's own, or deleted; of others' another name, for whoever has the id of an unlisted ride may see it.",
      resolve: (stream, _, { log, viewer }) => streamName(log, viewer, stream),
    }),
    isOwn: t.boolean({
      description: "The ride is the viewer's own: what its events say is shown, and withheld otherwise.",
      resolve: (stream, _, { viewer }) => isOwnStream(viewer, stream),
    }),
    partition: t.exposeInt('partition', { description: 'The number of its partition of the log, from 0.' }),
    version: t.exposeInt('version', { description: 'How many events it has.' }),
    status: t.field({
      type: RideStatusEnum,
      nullable: true,
      description: 'Null where the ride was deleted.',
      resolve: ({ state }) => statusIn(state),
    }),
    isDeleted: t.exposeBoolean('isGone', { description: 'It ends in a RideDeleted.' }),
    isRedacted: t.exposeBoolean('isRedacted', { description: 'What its events said is gone as well.' }),
    position: t.exposeFloat('position', { description: 'The number of its newest event in its partition.' }),
    newestType: t.exposeString('newestType', { description: 'Of its newest event, such as RideEnded.' }),
    recordedAt: t.expose('recordedAt', { type: 'DateTime', description: 'When that was appended.' }),
    events: t.field({
      type: [LogStreamEvent],
      complexity: costOfEvents,
      description: `In order behind version \`after\`, which is 0 where both are left out; or before version \`before\`, the newest first. At most ${mostOfLogPage}; 50 unless asked.`,
      args: {
        first: t.arg.int({
          required: true,
          defaultValue: 50,
          description: `How many, 1 to ${mostOfLogPage}.`,
        }),
        after: t.arg.int({ description: 'Behind this version, the oldest first.' }),
        before: t.arg.int({ description: 'Before this version, the newest first.' }),
      },
      resolve: (stream, { first, after, before }, { log }) => {
        checkLogPage(first)
        const page = before == null ? { after: after ?? 0 } : { before }
        return readStreamEvents(log, stream, { limit: first, ...page })
      },
    }),
    event: t.field({
      type: LogStreamEvent,
      nullable: true,
      description: 'The one with which it came to this version.',
      args: { version: t.arg.int({ required: true, description: 'The version, from 1.' }) },
      resolve: async (stream, { version }, { log }): Promise<StreamEventRow | null> => {
        if (version < 1) return null
        const [event] = await readStreamEvents(log, stream, { after: version - 1, limit: 1 })
        return event ?? null
      },
    }),
  }),
})

interface StreamPage {
  readonly streams: readonly StreamHeader[]
  readonly cursor: string | null
}

const LogStreamPage = builder.objectRef<StreamPage>('LogStreamPage').implement({
  description: 'Streams, the one that moved last first.',
  fields: (t) => ({
    streams: t.field({
      type: [LogStream],
      complexity: ofItsPage,
      description: 'The one that moved last first.',
      resolve: ({ streams }) => streams,
    }),
    cursor: t.exposeString('cursor', {
      nullable: true,
      description: 'To go on `after`; null where there is nothing more.',
    }),
  }),
})

const shortestBeginning = 4

builder.queryField('logStreams', (t) =>
  t.field({
    type: LogStreamPage,
    description: `For administrators, others are FORBIDDEN: streams, the one that moved last first. A page looks at 20,000 events and may be short, or empty, although there is more: go on while there is a cursor. With \`search\`, a ride's whole id or its name in the log; of the viewer's own rides, and of deleted ones, ${shortestBeginning} characters or more of the beginning of an id.`,
    args: {
      search: t.arg.string({ description: "A ride's id, its beginning, or its name in the log." }),
      first: t.arg.int({ required: true, defaultValue: 50, description: `How many, 1 to ${mostOfLogPage}.` }),
      after: t.arg.string({ description: 'The cursor of the page that it goes on from. Not with `search`.' }),
    },
    resolve: async (_, { search, first, after }, context): Promise<StreamPage> => {
      const { viewer, log } = context
      onlyAdministrators(viewer)
      checkLogPage(first)
      const wanted = search?.trim() ?? ''
      if (wanted !== '') return { streams: await searched(wanted, first, context), cursor: null }
      const before = after == null ? undefined : readPlaces(log, after)
      const { items, next } = await readNewestStreams(log, { limit: first, before })
      return { streams: items, cursor: next === undefined ? null : writePlaces(log, next) }
    },
  }),
)

builder.queryField('logStream', (t) =>
  t.field({
    type: LogStream,
    nullable: true,
    description:
      "For administrators, others are FORBIDDEN: one stream, by the ride's id or by its name in the log. Null where there is none.",
    args: { name: t.arg.id({ required: true, description: "The ride's id, or its name in the log." }) },
    resolve: async (_, { name }, context) => {
      onlyAdministrators(context.viewer)
      return (await streamCalled(name, context)) ?? null
    },
  }),
)

async function searched(text: string, limit: number, context: RequestContext): Promise<StreamHeader[]> {
  const called = await streamCalled(text, context)
  if (called !== undefined) return [called]
  const ids = idsBeginning(text)
  if (ids === undefined || text.length < shortestBeginning) {
    throw asGraphQLError(
      'INVALID_INPUT',
      `Search by a ride's id, or by at least ${shortestBeginning} characters of its beginning.`,
    )
  }
  const found = await readStreamsBetween(context.log, { ...ids, limit, only: ownOrGone(context.viewer) })
  return found.sort((one, other) => other.recordedAt - one.recordedAt)
}

/** Or an id could be guessed, character by character. */
function ownOrGone(viewer: Viewer) {
  return sql`(s.deleted or s.state ->> 'riderId' = ${readerOf(viewer)}::text)`
}

async function streamCalled(name: string, { log }: RequestContext): Promise<StreamHeader | undefined> {
  const id = streamIdOf(log, name)
  if (id === undefined) return undefined
  const [stream] = await readStreamsBetween(log, { first: id, last: id, limit: 1 })
  return stream
}

function statusIn(state: unknown): RideStatus | null {
  const status = typeof state === 'object' && state !== null && 'status' in state ? state.status : null
  return statuses.includes(status) ? (status as RideStatus) : null
}
