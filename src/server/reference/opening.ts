/** What somebody needs who meets the API here for the first time: how it is asked, a key, one exchange, and where to read on. */
import { type Html, html } from './html.ts'
import type { DocsPaths } from './layout.ts'

const request = (
  graphql: string,
) => `curl https://rides.example.org${graphql} -H 'Authorization: Bearer slip_…' -H 'Content-Type: application/json' -d '{
  "query": "mutation ($input: StartRideInput!) { startRide(input: $input) { ... on StartRidePayload { rideId version } ... on Error { code message } } }",
  "variables": { "input": { "rideId": "0d7c6a52-6b1e-4f0a-9a53-3c1e7f1b2d90", "title": "To work" } }
}'`

const answer = `{
  "data": { "startRide": { "rideId": "0d7c6a52-6b1e-4f0a-9a53-3c1e7f1b2d90", "version": 1 } },
  "extensions": { "cost": { "requested": 1, "limit": 5000 } }
}`

export function openingOf({ graphql, guide }: DocsPaths): Html {
  const chapter = (id: string, text: string) => html`<a href="${guide}#${id}">${text}</a>`
  return html`<section class="opening">
<h1>API reference</h1>
<p>One address, <code>${graphql}</code>, takes every operation on this page: queries and mutations as a POST of JSON, subscriptions as server-sent events or over a WebSocket (<code>graphql-transport-ws</code>). The <a href="${guide}">guide</a> goes through all of it with examples to paste, in curl, TypeScript and Python.</p>
<pre tabindex="0"><code>${request(graphql)}</code></pre>
<pre tabindex="0"><code>${answer}</code></pre>
<dl class="facts">
<div><dt>A key</dt><dd>A rider makes one on the page <a href="/settings/keys">/settings/keys</a>, whoever runs the server by <code>npm run token</code>, and a program by <a href="#Mutation.createApiKey"><code>createApiKey</code></a>. Reading a rider’s own rides takes the scope <code>rides:read</code>, changing anything <code>rides:write</code>; without a key, what is public can be read. ${chapter('1-a-server-and-a-key', 'More')}</dd></div>
<div><dt>Errors</dt><dd>A mutation answers its payload or one of the <a href="#errors">errors</a> named with it, as data: ask for <code>… on Error { code message }</code>. A query’s are in <code>errors</code>, with <code>extensions.code</code>. ${chapter('12-errors', 'All codes')}</dd></div>
<div><dt>Sent again</dt><dd>A command may be sent again with the same ids: it happens once, and is answered as it was the first time. ${chapter('3-recording-a-ride', 'Recording')}</dd></div>
<div><dt>Not by asking again and again</dt><dd>A ride is watched by <a href="#Subscription.rideFeed"><code>rideFeed</code></a>, from a cursor on. A copy is kept up by <a href="#Query.rideChanges"><code>rideChanges</code></a>, which gives what is new behind a cursor, and <a href="#Mutation.createWebhook">webhooks</a> say when there is something. ${chapter('7-keeping-a-copy', 'Keeping a copy')}</dd></div>
<div><dt>Files</dt><dd><code>POST /rides/import</code> takes GPX, TCX and FIT; <code>GET /rides/ID.gpx</code>, <code>.tcx</code> and <code>.geojson</code> give a finished ride, <code>GET /account/export.zip</code> all that there is of a rider. ${chapter('9-files-in-and-out', 'Files')}</dd></div>
<div><dt>Limits</dt><dd>An answer says what it cost in <code>extensions.cost</code> and what is left in <code>RateLimit</code> headers; beyond, wait <code>retryAfter</code> seconds. ${chapter('11-limits', 'Numbers')}</dd></div>
<div><dt>Types</dt><dd>Units are SI, times RFC 3339, ids UUIDs. <code>!</code> behind a type says that it is never null, and of an argument that it has to be given.</dd></div>
</dl>
</section>`
}
