/** The reference of the API, as a browser gets it, without a database. */
import { createServer, type Server } from 'node:http'
import { buildSchema, type GraphQLArgument, isEnumType, isUnionType } from 'graphql'
import { afterEach, describe, expect, test } from 'vitest'
import { schema } from '#api/schema.ts'
import { html } from '#server/reference/html.ts'
import { operationsOf, outlineOf } from '#server/reference/outline.ts'
import { pageOf } from '#server/reference/page.ts'
import { openReference } from '#server/reference/reference.ts'

const paths = {
  style: '/docs/reference.css',
  schema: '/docs/schema.graphql',
  graphql: '/graphql',
  reference: '/docs',
  guide: '/docs/guide',
  isSchemaTold: true,
}
const page = pageOf(schema, { paths })
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found]) => found ?? '')
const anchors = all(page, / id="([^"]+)"/g)

let server: Server | undefined
afterEach(() => server?.close())

async function serve({ introspection = true } = {}): Promise<string> {
  const answer = openReference({ schema, graphqlPath: '/graphql', introspection })
  const listening = createServer((request, response) => answer(request, response, request.url ?? '/'))
  server = listening
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  const address = listening.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
}

describe('the page', () => {
  test('has an address for every type, field, argument and value, each once', () => {
    const expected = Object.values(schema.getTypeMap())
      .filter(({ name }) => !name.startsWith('__'))
      .flatMap((type) => {
        if (isEnumType(type))
          return [type.name, ...type.getValues().map(({ name }) => `${type.name}.${name}`)]
        if (!('getFields' in type)) return [type.name]
        const fields = Object.values(type.getFields()).flatMap((field) => {
          const coordinate = `${type.name}.${field.name}`
          const args: readonly GraphQLArgument[] = 'args' in field ? field.args : []
          return [coordinate, ...args.map(({ name }) => `${coordinate}.${name}`)]
        })
        return ['Query', 'Mutation', 'Subscription'].includes(type.name) ? fields : [type.name, ...fields]
      })
    expect(expected.length).toBeGreaterThan(500)
    expect(expected.filter((coordinate) => !anchors.includes(coordinate))).toEqual([])
    expect(new Set(anchors).size).toBe(anchors.length)
  })

  test('leads nowhere that is not there', () => {
    const places = new Set(all(page, /href="#([^"]+)"/g))
    expect(places.size).toBeGreaterThan(500)
    expect([...places].filter((place) => !anchors.includes(place))).toEqual([])
  })

  test('names every operation for somebody', () => {
    const { chapters } = outlineOf(schema)
    expect(chapters.map(({ id }) => id)).toEqual(['riders', 'viewers', 'integrators', 'administrators'])
    expect(chapters.flatMap(({ found }) => found)).toHaveLength(operationsOf(schema).length)
  })

  test('names with each mutation the errors that it can have', () => {
    const result = schema.getType('RecordPositionsResult')
    if (!isUnionType(result)) throw new Error('A mutation answers a union')
    const errors = result.getTypes().map(({ name }) => name)
    const entry = page.slice(page.indexOf('id="Mutation.recordPositions"'))
    const links = all(entry.slice(0, entry.indexOf('</article>')), /href="#(\w+)"/g)
    expect(errors).toContain('RideNotActiveError')
    expect(errors.filter((name) => !links.includes(name))).toEqual([])
  })

  test('shows defaults, deprecations and what belongs to nobody', () => {
    const other = buildSchema(
      'type Query { "Of `new`." old(first: Int = 5): Int @deprecated(reason: "Ask `new`.") new: Int }',
    )
    const text = pageOf(other, { paths })
    expect(text).toContain('= <code>5</code>')
    expect(text).toContain('<b>Deprecated.</b> Ask <a href="#Query.new"><code>new</code></a>.')
    expect(text).toContain('<h2><a href="#others">Others</a></h2>')
  })
})

test('what a description says is text, whatever is in it', () => {
  expect(html`<p title="${'"'}">${"<b>&'"}</p>`.text).toBe('<p title="&quot;">&lt;b&gt;&amp;&#39;</p>')
})

describe('over HTTP', () => {
  test('it is a page without scripts, kept by browsers until it changes', async () => {
    const url = await serve()
    const answer = await fetch(`${url}/docs`)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
    const policy = answer.headers.get('content-security-policy')
    expect(policy).toContain("default-src 'none'; style-src 'self'")
    expect(policy).not.toContain('unsafe')
    expect(await answer.text()).not.toMatch(/<script|<style| style=/)
    const again = await fetch(`${url}/docs/`, {
      headers: { 'if-none-match': answer.headers.get('etag') ?? '' },
    })
    expect(again.status).toBe(304)
  })

  test('the guides are beside it, and every link between these pages leads somewhere', async () => {
    const url = await serve()
    const texts = new Map<string, string>()
    for (const path of ['/docs', '/docs/guide', '/docs/limits']) {
      const answer = await fetch(`${url}${path}`)
      expect([path, answer.status]).toEqual([path, 200])
      texts.set(path, await answer.text())
    }
    const guide = texts.get('/docs/guide') ?? ''
    expect(guide).toContain('<h2 id="1-a-server-and-a-key">1. A server and a key</h2>')
    expect(guide).toContain('<code>Ana, as Python sees it</code></pre>')
    expect(guide).not.toMatch(/<script|<style| style=/)
    let followed = 0
    for (const [path, text] of texts) {
      for (const link of all(text, /href="([^"]*#[^"]+|\/docs[^"]*)"/g)) {
        const { pathname, hash } = new URL(link, `${url}${path}`)
        const there = texts.get(pathname)
        if (there === undefined)
          expect([path, link, (await fetch(`${url}${pathname}`)).status]).toEqual([path, link, 200])
        else if (hash !== '')
          expect([path, link, there.includes(` id="${decodeURIComponent(hash.slice(1))}"`)]).toEqual([
            path,
            link,
            true,
          ])
        followed += 1
      }
    }
    expect(followed).toBeGreaterThan(500)
  })

  test('its style and the schema are beside it', async () => {
    const url = await serve()
    const style = await fetch(`${url}/docs/reference.css`)
    expect(style.headers.get('content-type')).toBe('text/css; charset=utf-8')
    expect(await style.text()).toContain('--surface')
    const text = await (await fetch(`${url}/docs/schema.graphql`)).text()
    expect(buildSchema(text).getMutationType()?.getFields()).toHaveProperty('startRide')
  })

  test('what is not there, or is sent, is refused with what to do', async () => {
    const url = await serve()
    for (const path of ['/docs/nothing', '/docs/constructor', '/docs/../etc']) {
      expect((await fetch(`${url}${path}`)).status).toBe(404)
    }
    const sent = await fetch(`${url}/docs`, { method: 'POST', body: '{}' })
    expect([sent.status, sent.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  })

  test('a server that does not tell its schema says so', async () => {
    const url = await serve({ introspection: false })
    for (const path of ['/docs', '/docs/schema.graphql']) {
      const answer = await fetch(`${url}${path}`)
      expect(answer.status).toBe(404)
      expect(await answer.text()).toContain('GRAPHQL_INTROSPECTION=off')
    }
    // They say nothing that others do not know.
    for (const path of ['/docs/guide', '/docs/limits', '/docs/reference.css']) {
      expect([path, (await fetch(`${url}${path}`)).status]).toEqual([path, 200])
    }
    const guide = await (await fetch(`${url}/docs/guide`)).text()
    expect([guide.includes('>Guide</a>'), guide.includes('>Reference</a>')]).toEqual([true, false])
    expect(await (await fetch(`${url}/docs/nothing`)).text()).toContain('/docs/guide')
  })
})
