/** A browser, as far as signing in is concerned: it keeps cookies and says where its page comes from. */

export interface Visitor {
  readonly cookies: ReadonlyMap<string, string>
  /** What came in `Set-Cookie`, as it came. */
  readonly setCookies: readonly string[]
  get(path: string, headers?: Record<string, string>): Promise<Response>
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>
  query(query: string, headers?: Record<string, string>): Promise<Record<string, unknown>>
}

export function openVisitor(origin: string): Visitor {
  const cookies = new Map<string, string>()
  const setCookies: string[] = []

  async function ask(path: string, init: RequestInit): Promise<Response> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { ...(cookie !== '' && { cookie }), ...init.headers }
    const response = await fetch(new URL(path, origin), { ...init, headers, redirect: 'manual' })
    for (const one of response.headers.getSetCookie()) {
      setCookies.push(one)
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(one) ?? []
      if (/max-age=0/i.test(one)) cookies.delete(name)
      else cookies.set(name, value)
    }
    return response
  }

  const post: Visitor['post'] = (path, body, headers) =>
    ask(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin, 'sec-fetch-site': 'same-origin', ...headers },
      body: JSON.stringify(body),
    })
  return {
    cookies,
    setCookies,
    get: (path, headers = {}) => ask(path, { headers }),
    post,
    query: async (query, headers) =>
      (await post('/graphql', { query }, headers)).json() as Promise<Record<string, unknown>>,
  }
}
