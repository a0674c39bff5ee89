/**
 * A network that can fail: a proxy on 127.0.0.1 in front of a PostgreSQL, in the test's own process.
 *
 * ```ts
 * await using proxy = await startProxy({ target: cluster.port, random: Math.random })
 * const lost = proxy.loseAnswer(/append_events/) // committed, but nobody is told
 * ```
 */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises'
import { type Conversation, createConversation } from './proxy-conversation.ts'

/** How bytes go through, of all connections and in both directions, until another one is asked for. */
export interface DatabaseProxy extends AsyncDisposable {
  /** On 127.0.0.1. */
  readonly port: number
  /** How many connections are open at this moment. */
  connections(): number
  /** Whole and at once, as in the beginning. What a black hole held back is delivered first. */
  pass(): void
  /** Each chunk waits this long, and those behind it wait for it. */
  delay(ms: number): void
  /** In small random pieces. */
  split(): void
  /** Nothing comes through and nothing is closed: connections are taken, and what is sent is held back. */
  blackhole(): void
  /** New connections are reset; those that are open go on. */
  refuse(): void
  /** Notifications are swallowed, and nothing else. */
  mute(): void
  /** Destroys both ends of every connection at once, and answers how many there were. */
  cut(): number
  /**
   * Loses one answer: of the next statement that `statement` is found in, the server's whole answer is swallowed and the
   * connection destroyed when it has come, so that what the statement did is done and nobody is told. Resolves then.
   */
  loseAnswer(statement: RegExp): Promise<void>
}

export interface ProxyOptions {
  /** A port on 127.0.0.1. */
  readonly target: number
  /** From 0 to below 1. */
  readonly random: () => number
}

type Mode =
  | { readonly kind: 'pass' | 'split' | 'blackhole' | 'refuse' | 'mute' }
  | { readonly kind: 'delay'; readonly ms: number }

interface Loss {
  readonly statement: RegExp
  readonly lost: () => void
}

export async function startProxy({ target, random }: ProxyOptions): Promise<DatabaseProxy> {
  let mode: Mode = { kind: 'pass' }
  let opened = Promise.withResolvers<void>()
  opened.resolve()
  const wanted: Loss[] = []
  const open = new Set<() => void>()

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    client.on('error', () => undefined)
    if (mode.kind === 'refuse') client.resetAndDestroy()
    else void carry(client)
  })

  async function carry(client: Socket): Promise<void> {
    let losing: Loss | undefined
    const cut = () => {
      open.delete(cut)
      client.destroy()
      behind?.destroy()
    }
    let behind: Socket | undefined
    open.add(cut)
    client.once('close', () => behind?.destroy())
    await opened.promise
    behind = connect({ host: '127.0.0.1', port: target, allowHalfOpen: true, noDelay: true })
    behind.on('error', () => undefined)
    behind.once('close', () => client.destroy())
    if (client.destroyed) behind.destroy()
    const conversation: Conversation = createConversation({
      reply: (bytes) => client.write(bytes),
      asked(statement) {
        const index = wanted.findIndex((loss) => loss.statement.test(statement))
        if (index >= 0 && losing === undefined) losing = wanted.splice(index, 1)[0]
      },
      answered() {
        if (losing === undefined) return
        cut()
        losing.lost()
        losing = undefined
      },
      isSwallowed: (type) => losing !== undefined || (mode.kind === 'mute' && type === 'A'),
    })
    await Promise.all([
      pump(client, behind, conversation.fromClient),
      pump(behind, client, conversation.fromServer),
    ])
    open.delete(cut)
    // The connection ended before the answer came: another one is lost instead.
    if (losing !== undefined) wanted.push(losing)
  }

  async function pump(from: Socket, to: Socket, read: (chunk: Buffer) => Buffer): Promise<void> {
    try {
      // Half of a connection may end while the other half goes on.
      for await (const chunk of from.iterator({ destroyOnReturn: false })) {
        await opened.promise
        if (mode.kind === 'delay') await pause(mode.ms)
        const bytes = read(chunk)
        for (const piece of mode.kind === 'split' ? piecesOf(bytes, random) : [bytes]) {
          await write(to, piece)
          if (mode.kind === 'split') await turn()
        }
      }
      await opened.promise
      to.end()
    } catch {
      // Broken on one side is broken on both.
      from.destroy()
      to.destroy()
    }
  }

  function enter(next: Mode): void {
    if (next.kind === 'blackhole' && mode.kind !== 'blackhole') opened = Promise.withResolvers<void>()
    mode = next
    if (next.kind !== 'blackhole') opened.resolve()
  }

  function cutAll(): number {
    const count = open.size
    for (const cut of open) cut()
    return count
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => open.size,
    pass: () => enter({ kind: 'pass' }),
    delay: (ms) => enter({ kind: 'delay', ms }),
    split: () => enter({ kind: 'split' }),
    blackhole: () => enter({ kind: 'blackhole' }),
    refuse: () => enter({ kind: 'refuse' }),
    mute: () => enter({ kind: 'mute' }),
    cut: cutAll,
    loseAnswer: (statement) => new Promise((lost) => wanted.push({ statement, lost })),
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      enter({ kind: 'pass' })
      cutAll()
      await closed
    },
  }
}

/** Resolves when the bytes have left the process, so that a slow reader slows down whoever writes to it. */
function write(to: Socket, bytes: Buffer): Promise<void> {
  if (bytes.length === 0) return Promise.resolve()
  return new Promise((resolve, reject) => {
    to.write(bytes, (error) => (error ? reject(error) : resolve()))
  })
}

function* piecesOf(bytes: Buffer, random: () => number): Generator<Buffer> {
  // Seven at most: the header of a message is five bytes long.
  for (let from = 0; from < bytes.length; ) {
    const to = from + 1 + Math.floor(random() * (bytes.length > 4096 ? 512 : 7))
    yield bytes.subarray(from, to)
    from = to
  }
}
