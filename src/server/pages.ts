/** The web app's files, as Vite built them. Any path without a file is a page of the app. */
import { existsSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { fileURLToPath } from 'node:url'
import sirv from 'sirv'
import { pageHeaders } from './headers.ts'

export interface Pages {
  serve(request: IncomingMessage, response: ServerResponse): void
}

export const builtPages = fileURLToPath(new URL('../../web/dist/', import.meta.url))

export function openPages({ withMapbox }: { withMapbox: boolean }): Pages {
  const headers = pageHeaders({ withMapbox })
  if (!existsSync(builtPages)) return { serve: sayNotBuilt }
  const files = sirv(builtPages, {
    single: true,
    etag: true,
    gzip: true,
    setHeaders(response, path) {
      // Names under assets/ change with their content; the page itself is looked at again.
      response.setHeader(
        'cache-control',
        path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      )
    },
  })
  return {
    serve(request, response) {
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        say(response, 405, 'Pages can only be fetched: ask by GET.', { allow: 'GET, HEAD' })
        return
      }
      // Before it is known whether the browser has the page already: what it is told with a 304 takes the place of what it had.
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
      files(request, response, () => {
        say(response, 404, 'There is no such file. Begin at the page /.')
      })
    },
  }
}

function sayNotBuilt(_request: IncomingMessage, response: ServerResponse): void {
  say(response, 503, 'The web app has not been built. Run "npm run build", then start again.')
}

function say(response: ServerResponse, status: number, sentence: string, headers = {}): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers }).end(`${sentence}\n`)
}
