/** The roads that an operation can come, as one who keeps to no rule travels them: what is sent is sent as it is. */
import { Agent, type IncomingMessage, request } from 'node:http'
import { WebSocket } from 'ws'
import { answerWithinMs, type Reply } from './judge.ts'

/** An operation as the text of its JSON, so that what no JSON writer writes can be sent too. */
export interface Sent {
  readonly query: string
  /** JSON. */
  readonly variables?: string
  /** Further members of the body, as JSON: `"operationName": "x"`. */
  readonly more?: string
}

export type Road = (sent: Sent) => Promise<Reply>

export interface Roads extends AsyncDisposable {
  readonly POST: Road
  /** The other type of answer, which goes another way through the server. */
  readonly 'POST, other type': Road
  readonly GET: Road
  readonly 'server-sent events': Road
  readonly WebSocket: Road
}

export const roadNames = ['POST', 'POST, other type', 'GET', 'server-sent events', 'WebSocket'] as const

/** `headers` come with each request and each upgrade: a credential, where one is needed. */
export function openRoads(url: string, headers: Readonly<Record<string, string>> = {}): Roads {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })
  const sockets = openSocketRoad(url.replace(/^http/, 'ws'), headers)
  const post = (accept: string) => (sent: Sent) =>
    ask(`${url}/graphql`, {
      agent,
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', accept },
      body: bodyOf(sent),
    })
  return {
    POST: post('application/json'),
    'POST, other type': post('application/graphql-response+json'),
    'server-sent events': post('text/event-stream'),
    GET: ({ query, variables }) => {
      const parameters = new URLSearchParams({ query, ...(variables !== undefined && { variables }) })
      return ask(`${url}/graphql?${parameters}`, {
        agent,
        headers: { ...headers, accept: 'application/json' },
      })
    },
    WebSocket: sockets.ask,
    async [Symbol.asyncDispose]() {
      sockets.close()
      agent.destroy()
    },
  }
}

export function bodyOf({ query, variables, more }: Sent): string {
  const members = [`"query":${JSON.stringify(query)}`]
  if (variables !== undefined) members.push(`"variables":${variables}`)
  if (more !== undefined) members.push(more)
  return `{${members.join(',')}}`
}

interface AskOptions {
  readonly agent?: Agent
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

/** A request and all that comes back; of events only until the first, or as many as came in a second. */
export function ask(url: string, { agent, method = 'GET', headers = {}, body }: AskOptions): Promise<Reply> {
  return new Promise((resolve) => {
    let text = ''
    const settle = (status: Reply['status']): void => {
      clearTimeout(late)
      resolve({ status, body: text })
      if (!isWhole) asking.destroy()
    }
    let isWhole = false
    let answer: IncomingMessage | undefined
    const late = setTimeout(() => settle('silent'), answerWithinMs)
    const asking = request(url, { agent, method, headers: { ...headers } }, (response) => {
      answer = response
      const status = response.statusCode ?? 0
      const isStream = String(response.headers['content-type']).startsWith('text/event-stream')
      if (isStream) setTimeout(() => settle(status), 1_000).unref()
      response.setEncoding('utf8').on('data', (piece: string) => {
        text += piece
        if (isStream && text.includes('\ndata: ')) settle(status)
      })
      response.on('end', () => {
        isWhole = true
        settle(status)
      })
      response.on('error', () => settle('cut'))
    })
    asking.on('error', () => {
      if (answer === undefined) settle('cut')
    })
    asking.end(body)
  })
}

interface SocketRoad {
  readonly ask: Road
  close(): void
}

/** One socket, and a new one whenever the server has closed it. */
function openSocketRoad(url: string, headers: Readonly<Record<string, string>>): SocketRoad {
  let opening: Promise<WebSocket> | undefined
  const waiting = new Map<string, (reply: Reply) => void>()
  let count = 0

  function open(): Promise<WebSocket> {
    const socket = new WebSocket(`${url}/graphql`, 'graphql-transport-ws', { headers })
    socket.on('error', () => undefined)
    socket.on('open', () => socket.send('{"type":"connection_init"}'))
    const opened = Promise.withResolvers<WebSocket>()
    socket.on('close', (closeCode) => {
      opening = undefined
      opened.reject(new Error(`Closed with ${closeCode}`))
      // Which of those under way the server means, it does not say.
      for (const settle of waiting.values()) settle({ status: 'cut', closeCode, body: '' })
      waiting.clear()
    })
    socket.on('message', (message) => {
      const text = String(message)
      const { type, id } = JSON.parse(text) as { type: string; id?: string }
      if (type === 'connection_ack') opened.resolve(socket)
      else if (id !== undefined) waiting.get(id)?.({ status: 200, body: text })
    })
    return opened.promise
  }

  return {
    async ask(sent) {
      opening ??= open()
      const id = `a${++count}`
      const { promise, resolve } = Promise.withResolvers<Reply>()
      waiting.set(id, resolve)
      const late = setTimeout(() => resolve({ status: 'silent', body: '' }), answerWithinMs)
      try {
        const socket = await opening
        socket.send(`{"type":"subscribe","id":"${id}","payload":${bodyOf(sent)}}`)
        const reply = await promise
        if (socket.readyState === socket.OPEN) socket.send(`{"type":"complete","id":"${id}"}`)
        return reply
      } catch {
        return await promise
      } finally {
        clearTimeout(late)
        waiting.delete(id)
      }
    },
    close() {
      opening?.then(
        (socket) => socket.terminate(),
        () => undefined,
      )
    },
  }
}
