/** Events of one stream, for administrators: as the log has them where the ride is their own, and what they say withheld otherwise. */
import { sql } from '@databases/pg'
import type { Log } from '#log/log.ts'
import type { StreamHeader } from '#log/newest.ts'
import {
  type EventRow,
  eventColumns,
  eventsOf,
  type RecordedEvent,
  readStream,
  type StreamPage,
} from '#log/read.ts'
import { decodeRideEvent } from '#ride/encoding.ts'
import type { Position } from '#ride/position.ts'
import { withoutContent, withoutPersons } from '#rights/withheld.ts'
import { builder } from './builder.ts'
import { PositionObject } from './position.ts'
import { isOwnStream, streamName } from './stream-name.ts'

export interface StreamEventRow extends RecordedEvent {
  readonly stream: StreamHeader
  readonly bytes: number
  /** When it happened, by the device, in milliseconds since 1970; null where it does not say so any more. */
  readonly at: number | null
  readonly positionCount: number | null
}

interface Content {
  readonly recorded: RecordedEvent
  readonly stream: StreamHeader
}

const LogEventContent = builder.objectRef<Content>('LogEventContent').implement({
  description:
    "What an event says. Of somebody else's ride all that its rider wrote or measured is withheld, and who asked for it.",
  fields: (t) => ({
    isWithheld: t.boolean({
      description: "The ride is not the viewer's own.",
      resolve: ({ stream }, _, { viewer }) => !isOwnStream(viewer, stream),
    }),
    data: t.field({
      type: 'JSON',
      nullable: true,
      description: 'As it was recorded, of its schema version. Null where it was redacted.',
      resolve: ({ recorded, stream }, _, { viewer }) =>
        isOwnStream(viewer, stream) ? recorded.data : withoutContent(recorded.data),
    }),
    metadata: t.field({
      type: 'JSON',
      nullable: true,
      description: 'Which command made it, for whom, in which trace. Null where it was redacted.',
      resolve: ({ recorded: { metadata }, stream }, _, { viewer }) =>
        isOwnStream(viewer, stream) ? metadata : withoutPersons(metadata),
    }),
    positions: t.field({
      type: [PositionObject],
      description: "Of a RidePositionsRecorded of the viewer's own ride, in the upload's order; else none.",
      resolve: ({ recorded, stream }, _, { viewer }): readonly Position[] => {
        if (!isOwnStream(viewer, stream) || recorded.data === null) return []
        const event = decodeRideEvent(recorded)
        return event.type === 'RidePositionsRecorded' ? event.positions : []
      },
    }),
  }),
})

export const LogStreamEvent = builder.objectRef<StreamEventRow>('LogStreamEvent').implement({
  description: 'An event of a stream.',
  fields: (t) => ({
    version: t.exposeInt('version', { description: "The stream's version with it." }),
    position: t.exposeFloat('position', { description: 'Its number in its partition of the log.' }),
    type: t.exposeString('type', { description: 'As the log names it, such as RideEnded.' }),
    schemaVersion: t.exposeInt('schemaVersion', { description: 'The version of its shape.' }),
    eventId: t.id({
      description: "That its command or upload came with. Of a start it is the stream's.",
      resolve: ({ eventId, stream }, _, { log, viewer }) =>
        eventId === stream.streamId ? streamName(log, viewer, stream) : eventId,
    }),
    recordedAt: t.expose('recordedAt', { type: 'DateTime', description: 'When it was appended.' }),
    at: t.expose('at', {
      type: 'DateTime',
      nullable: true,
      description: 'When it happened, by the device. Null where it was redacted.',
    }),
    bytes: t.exposeInt('bytes', { description: 'How many bytes what it says takes as text.' }),
    positionCount: t.exposeInt('positionCount', {
      nullable: true,
      description:
        'Of a RidePositionsRecorded: how many positions it has. Null of others, and where it was redacted.',
    }),
    content: t.field({
      type: LogEventContent,
      complexity: { field: 5, multiplier: 1 },
      nullable: true,
      description: 'What it says; null where the stream has gone meanwhile.',
      resolve: async ({ stream, version }, _, { log }): Promise<Content | null> => {
        const [recorded] = await readStream(log, stream.streamId, { after: version - 1, limit: 1 })
        return recorded === undefined ? null : { recorded, stream }
      },
    }),
  }),
})

/** Without what they say: of uploads only the times are read, which are small. */
export async function readStreamEvents(
  log: Log,
  stream: StreamHeader,
  page: StreamPage,
): Promise<StreamEventRow[]> {
  const range =
    'after' in page
      ? sql`version > ${page.after} order by version`
      : sql`version < ${page.before} order by version desc`
  const rows: (Omit<EventRow, 'data'> & {
    readonly bytes: number
    readonly at: unknown
    readonly times: unknown
  })[] = await log.database.query(sql`
    select ${eventColumns}, octet_length(data::text) as bytes, data -> 'at' as at, data -> 'positions' -> 'at' as times
      from events
     where partition = ${stream.partition} and stream_id = ${stream.streamId} and ${range} limit ${page.limit}`)
  return rows.map(({ bytes, at, times, ...row }) => {
    const [event] = eventsOf([{ ...row, data: null }])
    const uploaded = Array.isArray(times) ? timesOf(times) : null
    return {
      ...event!,
      stream,
      bytes,
      at: typeof at === 'number' ? at : uploaded === null ? null : Math.max(...uploaded),
      positionCount: uploaded?.length ?? null,
    }
  })
}

/** Each is kept less the one before it (`encoding.ts`). */
function timesOf(column: readonly unknown[]): number[] {
  let sum = 0
  return column.map((delta) => {
    sum += Number(delta)
    return sum
  })
}
