/** What is said on the terminal, in plain words. */
import type { Config } from '#config.ts'
import { isUnavailable, sqlState } from '#database/faults.ts'
import { graphqlPath } from '#server/graphql.ts'
import { isLoopback } from '#server/loopback.ts'
import { referencePath } from '#server/reference/reference.ts'

let speak = (sentence: string): void => console.log(sentence)
let speakLast = (sentence: string): void => console.error(`\n${sentence}`)

/** Where everything goes to a log that programs read, so do these. */
export function sayBy(told: { readonly tell: typeof speak; readonly tellLast: typeof speakLast }): void {
  speak = (sentence) => {
    const line = sentence.trim()
    if (line !== '') told.tell(line)
  }
  speakLast = told.tellLast
}

export function say(sentence: string): void {
  speak(sentence)
}

/** Where to look, once all is open. */
export function welcome({ host, signIn, limits }: Config, port: number): void {
  const everywhere = host === '0.0.0.0' || host === '::'
  const address = everywhere ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host
  say('')
  say(`  Map       ${signIn?.publicUrl ?? `http://${address}:${port}`}/`)
  say(`  GraphiQL  http://${address}:${port}${graphqlPath}`)
  if (limits.introspection) say(`  Docs      http://${address}:${port}${referencePath}`)
  say('')
  if (signIn === undefined) {
    say(
      'Only this machine reaches it, and whoever does is the local rider: nobody signs in. Set AUTH_SECRET to change that.',
    )
  } else {
    const whoMakesOne = {
      first: 'whoever comes first makes an account (SIGN_UP=open: everybody may)',
      open: 'everybody may make an account (SIGN_UP=open)',
      closed: 'nobody can make an account (SIGN_UP=closed)',
    }
    say(`Riders sign in at /sign-in, where ${whoMakesOne[signIn.signUp]}.`)
    say('Programs bring a key: npm run token -- --rider NAME')
  }
  say('Stop with Ctrl-C.')
}

/** Locations are for those whom riders show them to: a server that others reach does not start without sign-in. */
export function whyNotOpenToOthers({ host, signIn, role }: Config): string | undefined {
  if (signIn !== undefined || role === 'worker' || isLoopback(host)) return undefined
  return `HOST=${host} lets others than this machine reach the server, and AUTH_SECRET is not set: nobody would have to sign in.
Make a secret once, keep it, and start with it:

  export AUTH_SECRET=$(openssl rand -hex 32)     # in a container: a line AUTH_SECRET=… in .env, or docker run -e AUTH_SECRET=…
  HOST=${host} npm start

Or let only this machine reach it: HOST=127.0.0.1 npm start`
}

/** Ends the process, saying why. */
export function giveUp(reason: string): never {
  speakLast(reason)
  process.exit(1)
}

/** Why it could not start, and what to do. */
export function reasonOf(error: unknown, { port, host, databaseUrl, metrics }: Config): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? error.code : undefined
  const isOfMetrics = metrics !== undefined && 'port' in error && error.port === metrics.port
  const prefix = isOfMetrics ? 'METRICS_' : ''
  const at = isOfMetrics ? metrics : { port, host }
  if (code === 'EADDRINUSE') {
    return `Port ${at.port} of ${at.host} is in use. Stop the other program, or choose another port: ${prefix}PORT=${at.port + 1} npm start`
  }
  if (code === 'EADDRNOTAVAIL' || code === 'EACCES') {
    return `Cannot listen on port ${at.port} of ${at.host} (${error.message}). Choose others with ${prefix}HOST and ${prefix}PORT.`
  }
  if (databaseUrl !== undefined && isOfDatabase(error)) {
    return `The database at DATABASE_URL does not answer as it should: ${error.message || String(code)}. Start it or set DATABASE_URL right; leave it unset to use the embedded one.`
  }
  return error.message
}

function isOfDatabase(error: Error): boolean {
  return (
    isUnavailable(error) || sqlState(error) !== undefined || error instanceof URIError || 'input' in error
  )
}
