/**
 * The reference of the API at /docs: one page, made of the schema that is served, the schema as text, the guides beside it, and
 * their style. Each is made when it is first asked for, and kept.
 */
import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { fileURLToPath } from 'node:url'
import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql'
import { referenceHeaders } from '#server/headers.ts'
import { guideOf } from './guide.ts'
import { type KeptFile, keptFile, sendKept } from './kept-file.ts'
import { pageOf } from './page.ts'

export const referencePath = '/docs'
export const guidePath = '/docs/guide'

export type Reference = (request: IncomingMessage, response: ServerResponse, path: string) => void

export interface ReferenceOptions {
  readonly schema: GraphQLSchema
  readonly graphqlPath: string
  /** Whether the schema is told: the reference says all that introspection does. The guides are there all the same. */
  readonly introspection: boolean
}

export function isReferencePath(path: string): boolean {
  return path === referencePath || path.startsWith(`${referencePath}/`)
}

export function openReference({ schema, graphqlPath, introspection }: ReferenceOptions): Reference {
  const paths = {
    style: `${referencePath}/reference.css`,
    schema: `${referencePath}/schema.graphql`,
    graphql: graphqlPath,
    reference: referencePath,
    guide: guidePath,
    isSchemaTold: introspection,
  }
  const limits = `${referencePath}/limits`
  const guide = (file: string) => () =>
    keptFile(
      'text/html',
      guideOf(readFileSync(new URL(`../../../docs/${file}`, import.meta.url), 'utf8'), {
        paths,
        others: { 'integrators.md': paths.guide, 'limits.md': limits },
      }),
    )
  const kept = new Map<string, KeptFile>()
  const made: Readonly<Record<string, () => KeptFile>> = {
    [referencePath]: () => keptFile('text/html', pageOf(schema, { paths })),
    [paths.schema]: () => keptFile('text/plain', `${printSchema(lexicographicSortSchema(schema))}\n`),
    [paths.guide]: guide('integrators.md'),
    [limits]: guide('limits.md'),
    [paths.style]: () => keptFile('text/css', styles.map((file) => readFileSync(file, 'utf8')).join('\n')),
  }

  return function answer(request, response, path) {
    const say = (status: number, sentence: string, headers = {}) =>
      response
        .writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers })
        .end(`${sentence}\n`)
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return void say(405, 'The reference can only be fetched: ask by GET.', { allow: 'GET, HEAD' })
    }
    const name = path === `${referencePath}/` ? referencePath : path
    if (!introspection && (name === referencePath || name === paths.schema)) {
      return void say(404, silent, { 'cache-control': 'no-store' })
    }
    const make = Object.hasOwn(made, name) ? made[name] : undefined
    if (make === undefined)
      return void say(
        404,
        `There is no such page. ${introspection ? `The reference is at ${referencePath}` : `The guide is at ${guidePath}`}.`,
      )
    let file = kept.get(name)
    if (file === undefined) {
      file = make()
      kept.set(name, file)
    }
    for (const [header, value] of Object.entries(referenceHeaders)) response.setHeader(header, value)
    sendKept(request, response, file)
  }
}

/** The colours and sizes of the pages, and what is the reference's own. */
const styles = ['../../../web/styles/tokens.css', 'reference.css', 'guide.css'].map((file) =>
  fileURLToPath(new URL(file, import.meta.url)),
)

const silent =
  'This server does not tell its schema (GRAPHQL_INTROSPECTION=off), so it shows no reference of it. The schema.graphql of its release says what there is; the guide is at /docs/guide.'
