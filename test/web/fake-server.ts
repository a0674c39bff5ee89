/** A server for tests of the state behind a page: it answers when the test says so, and its feeds tell what the test tells. */
import type { DocumentNode } from 'graphql'
import type { SubscribePayload } from 'graphql-ws'
import type { Answer, FollowedServer } from '../../web/graphql/client.ts'
import type { ConnectionStatus } from '../../web/graphql/connection.ts'
import type { Failure } from '../../web/graphql/failure.ts'
import type { TadaDocumentNode } from '../../web/graphql/graphql.ts'
import { createCell } from '../../web/state/cell.ts'

export interface Question {
  /** The operation's. */
  readonly name: string
  readonly variables: Record<string, unknown>
  answer(data: unknown): Promise<void>
  fail(kind: 'again' | 'final'): Promise<void>
}

export interface Feed {
  readonly variables: Record<string, unknown>
  isOpen: boolean
  tell(data: Record<string, unknown>): void
}

const again: Failure = { kind: 'again', retryAfterMs: null }
const refusal: Failure = { kind: 'final', code: 'FORBIDDEN', message: 'No' }

export function fakeServer() {
  const questions: Question[] = []
  const feeds: Feed[] = []
  const status = createCell<ConnectionStatus>('connected')
  const pauses: (() => void)[] = []

  function query<Data, Variables extends Record<string, unknown>>(
    document: TadaDocumentNode<Data, Variables>,
    variables: Variables,
  ): Promise<Answer<Data>> {
    const { promise, resolve } = Promise.withResolvers<Answer<Data>>()
    questions.push({
      name: nameOf(document),
      variables,
      async answer(data) {
        resolve({ ok: true, data: data as Data })
        await settled()
      },
      async fail(kind) {
        resolve({ ok: false, failure: kind === 'again' ? again : refusal })
        await settled()
      },
    })
    return promise
  }

  const server: FollowedServer = {
    query,
    socket: {
      client: {
        subscribe({ variables }: SubscribePayload, sink: { next(value: { data: never }): void }) {
          const feed: Feed = {
            variables: { ...variables },
            isOpen: true,
            tell: (data) => sink.next({ data: data as never }),
          }
          feeds.push(feed)
          return () => {
            feed.isOpen = false
          }
        },
      },
      connection: { status },
      pause: () => new Promise<void>((resolve) => pauses.push(resolve)),
      retryNow() {},
    },
  }
  return { server, questions, feeds, status, pauses, openFeeds: () => feeds.filter(({ isOpen }) => isOpen) }
}

function nameOf({ definitions: [first] }: DocumentNode): string {
  return first?.kind === 'OperationDefinition' ? (first.name?.value ?? '') : ''
}

/** What waits for an answer has gone on as far as it can. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}
