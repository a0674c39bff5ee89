import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CommandRequest, type Commands, type Decider, openCommands } from '#log/commands.ts'
import type { Log } from '#log/log.ts'
import { readState, readStream } from '#log/read.ts'
import { type OpenedLog, openFreshLog } from './open.ts'

/** A gate that counts who goes through; closed, it lets nobody through; pulled down, it is there no more. */
interface Gate {
  readonly open: boolean
  readonly passed: number
  readonly down?: true
}
type GateCommand =
  | { readonly do: 'pass'; readonly times: number }
  | { readonly do: 'open' | 'close' | 'spy' | 'pull down' }
interface GateEvent {
  readonly type: 'Passed' | 'Opened' | 'Closed' | 'PulledDown'
  readonly times: number
}

const gate: Decider<Gate, GateCommand, GateEvent, null, string> = {
  streamType: 'gate',
  initial: { open: true, passed: 0 },
  decide(command, state) {
    if (state.down) return { accepted: false, refusal: 'hidden' }
    if (command.do === 'pull down') return { accepted: true, event: { type: 'PulledDown', times: 0 } }
    if (command.do === 'pass') {
      return state.open
        ? { accepted: true, event: { type: 'Passed', times: command.times } }
        : { accepted: false, refusal: 'closed' }
    }
    if (command.do === 'spy') return { accepted: false, refusal: 'hidden' }
    const wanted = command.do === 'open'
    if (state.open === wanted) return { accepted: false, refusal: 'already' }
    return { accepted: true, event: { type: wanted ? 'Opened' : 'Closed', times: 0 } }
  },
  evolve: (state, event) => ({
    open: event.type === 'Passed' ? state.open : event.type === 'Opened',
    passed: state.passed + event.times,
    ...(event.type === 'PulledDown' ? { down: true } : {}),
  }),
  isGone: ({ down }) => down === true,
  outranks: (refusal) => refusal === 'hidden',
  encode: ({ type, times }) => ({ type, schemaVersion: 1, data: JSON.stringify({ times }) }),
}

type GateCommands = Commands<GateCommand, null, string>

describe.each([1, 4])('commands, with %i partition(s)', (partitions) => {
  let opened: OpenedLog
  let log: Log
  let commands: GateCommands
  beforeAll(async () => {
    opened = await openFreshLog({ partitions })
    log = opened.log
    commands = openCommands(log, gate)
  })
  afterAll(() => opened[Symbol.asyncDispose]())

  const ask = (
    streamId: string,
    command: GateCommand,
    rest: Partial<CommandRequest<GateCommand, null>> = {},
  ): CommandRequest<GateCommand, null> => ({
    streamId,
    eventId: randomUUID(),
    contentHash: log.hash(JSON.stringify(command)),
    command,
    circumstances: null,
    ...rest,
  })
  const pass = (times: number): GateCommand => ({ do: 'pass', times })
  const stream = () => randomUUID()

  test('exactly once: 50 parallel retries make one event and 50 equal answers', async () => {
    const id = stream()
    const request = ask(id, pass(1))
    const answers = await Promise.all(Array.from({ length: 50 }, () => commands.handle(request)))
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(answers[0]).toMatchObject({ outcome: 'accepted', version: 1 })
    expect(await readStream(log, id, { after: 0, limit: 10 })).toHaveLength(1)
  })

  test('exactly once: retries that reach different processes make one event and equal answers', async () => {
    const others = await Promise.all([opened.another(), opened.another()])
    const processes = [commands, ...others.map((other) => openCommands(other, gate))]
    const id = stream()
    const request = ask(id, pass(1))
    const answers = await Promise.all(
      Array.from({ length: 48 }, (_, index) => processes[index % 3]!.handle(request)),
    )
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(await readStream(log, id, { after: 0, limit: 10 })).toHaveLength(1)
  })

  test('exactly once: two devices on one stream, in two processes, each command once', async () => {
    const other = openCommands(await opened.another(), gate)
    const id = stream()
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) => (index % 2 ? other : commands).handle(ask(id, pass(1)))),
    )
    expect(answers.every(({ outcome }) => outcome === 'accepted')).toBe(true)
    const versions = answers
      .map((answer) => (answer.outcome === 'accepted' ? answer.version : 0))
      .sort((a, b) => a - b)
    expect(versions).toEqual(Array.from({ length: 60 }, (_, index) => index + 1))
    expect(await readState(log, id, randomUUID())).toMatchObject({
      actual: { version: 60, state: { passed: 60 } },
    })
  })

  test('commands of a stream sent at once are chained in their order', async () => {
    const id = stream()
    const answers = await Promise.all(
      [pass(1), { do: 'close' } as const, { do: 'open' } as const, pass(2)].map((command) =>
        commands.handle(ask(id, command)),
      ),
    )
    expect(answers.map((answer) => answer.outcome === 'accepted' && answer.version)).toEqual([1, 2, 3, 4])
  })

  test('a retry of what was accepted answers as the first time, whatever has happened since', async () => {
    const id = stream()
    const passing = ask(id, pass(1))
    const closing = ask(id, { do: 'close' })
    const first = await commands.handle(passing)
    const closed = await commands.handle(closing)
    expect(await commands.handle(ask(id, pass(1)))).toEqual({ outcome: 'refused', refusal: 'closed' })
    expect(await commands.handle(passing)).toEqual(first)
    expect(await commands.handle(closing)).toEqual(closed)
    // Also by a process that has nothing in its memory.
    const other = openCommands(await opened.another(), gate)
    expect(await other.handle(passing)).toEqual(first)
    expect(await other.handle(closing)).toEqual(closed)
  })

  test('a process that is not told of the others keeps no state in mind between commands', async () => {
    const id = stream()
    let appends = 0
    const watched: Log = {
      ...log,
      append(entry) {
        appends++
        return log.append(entry)
      },
    }
    const forgetful = openCommands(watched, gate, { cachedStreams: 0 })
    const passed = await Promise.all([1, 2, 3].map((times) => forgetful.handle(ask(id, pass(times)))))
    expect(passed.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted', 'accepted'])
    const before = appends
    await commands.handle(ask(id, { do: 'close' }))
    // Decided on the state as it is now: on one of before it would have been sent, and come back as a conflict.
    expect(await forgetful.handle(ask(id, pass(1)))).toEqual({ outcome: 'refused', refusal: 'closed' })
    expect(appends).toBe(before)
  })

  test('a retry in the same breath as other commands answers as the first time', async () => {
    const id = stream()
    const old = ask(id, pass(1))
    const first = await commands.handle(old)
    const [next, again, last] = await Promise.all([
      commands.handle(ask(id, pass(1))),
      commands.handle(old),
      commands.handle(ask(id, pass(1))),
    ])
    expect(again).toEqual(first)
    expect([next, last].map((answer) => answer?.outcome === 'accepted' && answer.version).sort()).toEqual([
      2, 3,
    ])
  })

  test('a retry of what was recorded under an older hash answers as the first time', async () => {
    const id = stream()
    const old = ask(id, pass(1))
    const first = await commands.handle(old)
    const again = { ...old, contentHash: log.hash('hashed anew') }
    expect(await commands.handle({ ...again, olderContentHash: () => old.contentHash })).toEqual(first)
    expect(await commands.handle({ ...again, olderContentHash: () => log.hash('never') })).toEqual({
      outcome: 'id taken',
    })
  })

  test('the same id with other content is taken, also while the first is under way', async () => {
    const id = stream()
    const eventId = randomUUID()
    const [first, second] = await Promise.all([
      commands.handle(ask(id, pass(1), { eventId })),
      commands.handle(ask(id, pass(2), { eventId })),
    ])
    expect(first).toMatchObject({ outcome: 'accepted' })
    expect(second).toEqual({ outcome: 'id taken' })
    expect(await commands.handle(ask(id, pass(2), { eventId }))).toEqual({ outcome: 'id taken' })
  })

  test('who may know of nothing learns nothing, by whatever he expects and whichever id he tries', async () => {
    const id = stream()
    const opening = ask(id, { do: 'close' })
    await commands.handle(opening)
    const hidden = { outcome: 'refused', refusal: 'hidden' }
    expect(await commands.handle(ask(id, { do: 'spy' }))).toEqual(hidden)
    expect(await commands.handle(ask(id, { do: 'spy' }, { expectedVersion: 99 }))).toEqual(hidden)
    expect(await commands.handle(ask(id, { do: 'spy' }, { eventId: opening.eventId }))).toEqual(hidden)
    expect(await commands.handle(ask(stream(), { do: 'spy' }, { expectedVersion: 99 }))).toEqual(hidden)
  })

  const pullDown: GateCommand = { do: 'pull down' }
  const gone = { outcome: 'gone' }

  test('what has been deleted is gone for everybody and every command, also for one sent again', async () => {
    const other = openCommands(await opened.another(), gate)
    const id = stream()
    const [passing, pulling] = [ask(id, pass(1)), ask(id, pullDown)]
    await commands.handle(passing)
    // The other process has it in its memory as it was.
    await other.handle(ask(id, pass(1)))
    expect(await commands.handle(pulling)).toMatchObject({ outcome: 'accepted', version: 3 })
    for (const process of [commands, other, openCommands(await opened.another(), gate)]) {
      for (const request of [
        passing,
        pulling,
        ask(id, pass(1)),
        ask(id, { do: 'spy' }),
        ask(id, pass(1), { eventId: passing.eventId, contentHash: 'ab'.repeat(16) }),
        ask(id, pass(1), { expectedVersion: 3 }),
      ]) {
        expect(await process.handle(request)).toEqual(gone)
      }
    }
    expect(await readStream(log, id, { after: 0, limit: 10 })).toHaveLength(3)
  })

  test('all that wait are told at once that it is gone, twins and retries among them', async () => {
    const other = openCommands(await opened.another(), gate)
    const id = stream()
    const old = ask(id, pass(1))
    await commands.handle(old)
    await other.handle(ask(id, pullDown))
    const twin = ask(id, pass(2))
    const answers = await Promise.all(
      [twin, twin, old, ask(id, { do: 'close' }), old, ask(id, pass(1), { expectedVersion: 1 }), twin].map(
        (request) => commands.handle(request),
      ),
    )
    expect(answers).toEqual(answers.map(() => gone))
    expect(await readStream(log, id, { after: 0, limit: 10 })).toHaveLength(2)
  })

  test('a deletion sent in one breath with others comes behind those before it and before those behind it', async () => {
    const id = stream()
    const pulling = ask(id, pullDown)
    const answers = await Promise.all(
      [ask(id, pass(1)), ask(id, pass(2)), pulling, pulling, ask(id, pass(3)), ask(id, { do: 'spy' })].map(
        (request) => commands.handle(request),
      ),
    )
    expect(
      answers.map((answer) => (answer.outcome === 'accepted' ? answer.version : answer.outcome)),
    ).toEqual([1, 2, 3, 3, 'gone', 'gone'])
    const events = await readStream(log, id, { after: 0, limit: 10 })
    expect(events.map(({ type }) => type)).toEqual(['Passed', 'Passed', 'PulledDown'])
    expect((await readState(log, id, pulling.eventId)).isGone).toBe(true)
  })

  test('exactly once: of deletions by several processes at once one is recorded', async () => {
    const others = await Promise.all([opened.another(), opened.another()])
    const processes = [commands, ...others.map((other) => openCommands(other, gate))]
    const id = stream()
    await commands.handle(ask(id, pass(1)))
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => processes[index % 3]!.handle(ask(id, pullDown))),
    )
    expect(answers.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(1)
    expect(answers.filter(({ outcome }) => outcome === 'gone')).toHaveLength(29)
  })

  test('beside each event stands which command made it, for whom, in which trace', async () => {
    const id = stream()
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const [traced, untraced, bare] = [
      ask(id, pass(1), { metadata: { actor: 'somebody', traceparent } }),
      ask(id, pass(1), { metadata: { actor: 'system', traceparent: undefined } }),
      ask(id, pass(1)),
    ]
    await Promise.all([traced, untraced, bare].map((request) => commands.handle(request)))
    const events = await readStream(log, id, { after: 0, limit: 10 })
    expect(events.map(({ metadata }) => metadata)).toEqual([
      { commandId: traced.eventId, actor: 'somebody', traceparent },
      { commandId: untraced.eventId, actor: 'system' },
      { commandId: bare.eventId },
    ])
    // Sent again for somebody else, it stays whose it was.
    await commands.handle({ ...traced, metadata: { actor: 'another' } })
    const [first] = await readStream(log, id, { after: 0, limit: 1 })
    expect(first?.metadata?.actor).toBe('somebody')
  })

  test('an expected version is judged against what is committed', async () => {
    const id = stream()
    await commands.handle(ask(id, pass(1)))
    expect(await commands.handle(ask(id, pass(1), { expectedVersion: 0 }))).toEqual({
      outcome: 'conflict',
      actualVersion: 1,
    })
    const expecting = ask(id, pass(1), { expectedVersion: 1 })
    const accepted = await commands.handle(expecting)
    expect(accepted).toMatchObject({ outcome: 'accepted', version: 2 })
    // Sent again it no longer fits the version, and is answered as the first time all the same.
    expect(await commands.handle(expecting)).toEqual(accepted)
    const [, behind] = await Promise.all([
      commands.handle(ask(id, pass(1))),
      commands.handle(ask(id, pass(1), { expectedVersion: 3 })),
    ])
    expect(behind).toMatchObject({ outcome: 'accepted', version: 4 })
  })

  test('a refusal is never answered on a state grown old in memory', async () => {
    const other = openCommands(await opened.another(), gate)
    const id = stream()
    await commands.handle(ask(id, { do: 'close' }))
    await other.handle(ask(id, { do: 'open' }))
    expect(await commands.handle(ask(id, pass(1)))).toMatchObject({ outcome: 'accepted', version: 3 })
  })

  test('an acceptance decided on a state grown old in memory is decided again', async () => {
    const other = openCommands(await opened.another(), gate)
    const id = stream()
    await commands.handle(ask(id, pass(1)))
    await other.handle(ask(id, { do: 'close' }))
    expect(await commands.handle(ask(id, pass(1)))).toEqual({ outcome: 'refused', refusal: 'closed' })
  })

  test('the state beside the stream is the fold of its events', async () => {
    const id = stream()
    await Promise.all(Array.from({ length: 250 }, (_, index) => commands.handle(ask(id, pass(index)))))
    const events = await readStream(log, id, { after: 0, limit: 1000 })
    const folded = events
      .map(
        ({ type, data }): GateEvent => ({
          type: type as GateEvent['type'],
          times: (data as { times: number }).times,
        }),
      )
      .reduce(gate.evolve, gate.initial)
    expect(await readState(log, id, randomUUID())).toMatchObject({ actual: { version: 250, state: folded } })
  })
})
