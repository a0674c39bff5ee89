/** For administrators: the newest events of all streams, and those that come. What they say is with their stream (`log-streams.ts`). */
import type { LogUpdate } from '#live/log-feed.ts'
import { mostEventsOfUpdate } from '#live/log-feed.ts'
import { type EventHeader, type Page, readNewestEvents } from '#log/newest.ts'
import { readerOf } from '#rights/viewer.ts'
import { onlyAdministrators } from './administrators.ts'
import { builder } from './builder.ts'
import { asGraphQLError } from './errors.ts'
import { whileCurrent } from './feed-rights.ts'
import { costsNothing, ofItsPage } from './field-cost.ts'
import { checkLogPage, mostOfLogPage, readPlaces, writePlaces } from './log-page.ts'
import { streamName } from './stream-name.ts'

const LogEvent = builder.objectRef<EventHeader>('LogEvent').implement({
  description: 'That something happened, and where in the log it stands. What it says is with its stream.',
  fields: (t) => ({
    streamName: t.id({
      description:
        "By which `logStream` finds its stream: the ride's id where the ride is the viewer's own; of others' another name, for whoever has the id of an unlisted ride may see it.",
      resolve: (event, _, { log, viewer }) => streamName(log, viewer, event),
    }),
    partition: t.exposeInt('partition', { description: 'The number of its partition of the log, from 0.' }),
    position: t.exposeFloat('position', {
      description: 'Its number in its partition, from 1, without holes.',
    }),
    version: t.exposeInt('version', { description: "Its stream's version with it." }),
    type: t.exposeString('type', { description: 'As the log names it, such as RideEnded.' }),
    schemaVersion: t.exposeInt('schemaVersion', { description: 'The version of its shape.' }),
    recordedAt: t.expose('recordedAt', { type: 'DateTime', description: 'When it was appended.' }),
    bytes: t.exposeInt('bytes', { description: 'How many bytes what it says takes as text.' }),
  }),
})

const LogEventPage = builder.objectRef<Page<EventHeader>>('LogEventPage').implement({
  description: 'Events, the newest first.',
  fields: (t) => ({
    events: t.field({
      type: [LogEvent],
      complexity: ofItsPage,
      description: 'The newest first.',
      resolve: ({ items }) => items,
    }),
    cursor: t.string({
      nullable: true,
      description: 'To go on `before`; null where there is nothing before.',
      resolve: ({ next }, _, { log }) => (next === undefined ? null : writePlaces(log, next)),
    }),
  }),
})

const typesDescription = 'Of these types alone, as the log names them; of all where left out.'
const mostTypes = 20
const nameOfType = /^\w{1,100}$/

function wantedTypes(types: readonly string[] | null | undefined): readonly string[] | undefined {
  if (types == null) return undefined
  if (types.length > mostTypes || !types.every((type) => nameOfType.test(type))) {
    throw asGraphQLError('INVALID_INPUT', `'types' are at most ${mostTypes} names, such as RideEnded.`)
  }
  return [...new Set(types)].sort()
}

builder.queryField('logEvents', (t) =>
  t.field({
    type: LogEventPage,
    description:
      'For administrators, others are FORBIDDEN: the newest events of all streams. With `types` a page looks at 20,000 events and may be short, or empty, although there is more: go on while there is a cursor.',
    args: {
      first: t.arg.int({ required: true, defaultValue: 50, description: `How many, 1 to ${mostOfLogPage}.` }),
      before: t.arg.string({ description: 'The cursor of the page that it goes on from.' }),
      types: t.arg.stringList({ description: typesDescription }),
    },
    resolve: (_, { first, before, types }, { viewer, log }) => {
      onlyAdministrators(viewer)
      checkLogPage(first)
      return readNewestEvents(log, {
        limit: first,
        before: before == null ? undefined : readPlaces(log, before),
        types: wantedTypes(types),
      })
    },
  }),
)

const LogFeedUpdate = builder.objectRef<LogUpdate<EventHeader>>('LogFeedUpdate').implement({
  description: 'What has come to the log.',
  fields: (t) => ({
    snapshot: t.exposeBoolean('snapshot', { description: 'It replaces all that came before.' }),
    events: t.field({
      type: [LogEvent],
      complexity: { field: 1, multiplier: mostEventsOfUpdate },
      description: `The newest first, at most ${mostEventsOfUpdate}.`,
      resolve: ({ events }) => events,
    }),
    notShown: t.exposeInt('notShown', {
      description: 'How many events came between these and those given before.',
    }),
  }),
})

builder.subscriptionField('logFeed', (t) =>
  t.field({
    type: LogFeedUpdate,
    complexity: costsNothing,
    description:
      'For administrators, others are FORBIDDEN: first the newest events of all streams, then what comes, at most twice a second. It is to look at, and keeps nothing back: of what comes faster the newest are given, and how many were not.',
    args: { types: t.arg.stringList({ description: typesDescription }) },
    subscribe: (_, { types }, { logFeed, viewer }) => {
      onlyAdministrators(viewer)
      return whileCurrent(logFeed.open(JSON.stringify(readerOf(viewer)), wantedTypes(types)), viewer)
    },
    resolve: (update: LogUpdate<EventHeader>) => update,
  }),
)
