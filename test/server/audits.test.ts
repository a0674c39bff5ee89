/** The audits of graphql-http: what the specification GraphQL over HTTP asks of a server, over each road that HTTP has here. */
import { serverAudits } from 'graphql-http'
import { describe, expect, test } from 'vitest'
import { serve } from '../api/serve.ts'

const served = serve()

/** A request goes the adapter's road for the first time, and where its header Accept is too long to be looked at. */
const roads = ['the first time', 'again, when the document is known', 'over the adapter alone'] as const
const tooLong = `, ${'x/x, '.repeat(250)}x/x`

describe.each(roads)('%s', (road) => {
  const audits = serverAudits({
    url: () => `${served.product.url}/graphql`,
    fetchFn: (url: string, init: RequestInit = {}) => {
      const headers = new Headers(init.headers)
      if (road === roads[2]) headers.set('accept', (headers.get('accept') ?? '*/*') + tooLong)
      return fetch(url, { ...init, headers })
    },
  })

  test.each(audits.map(({ name, fn }) => [name, fn] as const))('%s', async (_, audit) => {
    expect(await audit()).toMatchObject({ status: 'ok' })
  })
})
