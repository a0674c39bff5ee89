/** What is said on the terminal, in plain words. */
import { type Config, metricsAreBesideAllElse, type SignInConfig } from '#config.ts'
import { isUnavailable, sqlState } from '#database/faults.ts'
import { graphqlPath } from '#server/graphql.ts'
import { isEverywhere, isLoopback } from '#server/loopback.ts'
import { guidePath, referencePath } from '#server/reference/reference.ts'

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

/** Where to look, once all is open. `isSignUpOpen`: whether whoever comes next may make an account. */
export function welcome(
  config: Config,
  port: number,
  { isSignUpOpen }: { readonly isSignUpOpen: boolean },
): void {
  const { host, signIn, limits } = config
  const address = addressFor(host, port)
  const seen = signIn?.publicUrl ?? address
  say('')
  say(`  Map       ${seen}/`)
  say(`  GraphiQL  ${seen}${graphqlPath}`)
  say(`  Docs      ${seen}${limits.introspection ? referencePath : guidePath}`)
  sayWhereToWatch(config, address)
  say('')
  if (config.role === 'api') say('It serves; a process of ROLE=worker works on projections.')
  if (signIn === undefined) {
    say(
      'Only this machine reaches it, and whoever does is the local rider: nobody signs in. Set AUTH_SECRET to change that.',
    )
  } else {
    say(`Riders sign in at /sign-in, where ${whoMakesAccounts(signIn.signUp, isSignUpOpen)}.`)
    say('Programs bring a key: npm run token -- --rider NAME')
  }
  say('Stop with Ctrl-C.')
}

/** Of a worker, once all is open. */
export function sayWorking(config: Config): void {
  const address = addressFor(config.host, config.port)
  say('')
  say(`  Ready?    ${address}/readyz`)
  sayWhereToWatch(config, address)
  say('')
  say('Working on projections. Stop with Ctrl-C.')
}

function sayWhereToWatch(config: Config, address: string): void {
  const { metrics, tracing } = config
  if (metrics !== undefined) say(`  Metrics   ${addressFor(metrics.host, metrics.port)}/metrics`)
  else if (metricsAreBesideAllElse(config)) say(`  Metrics   ${address}/metrics`)
  if (tracing === undefined) return
  const { ratio, heedsCaller } = tracing.sampler
  const { origin } = new URL(tracing.endpoint)
  const share = `${Number((ratio * 100).toPrecision(4))} % of requests`
  say(`  Traces    ${share}${heedsCaller ? ', and what callers have begun to trace' : ''}, to ${origin}`)
}

function whoMakesAccounts(signUp: SignInConfig['signUp'], isSignUpOpen: boolean): string {
  if (signUp === 'open') return 'everybody may make an account (SIGN_UP=open)'
  if (signUp === 'closed') return 'nobody can make an account (SIGN_UP=closed)'
  return isSignUpOpen
    ? 'whoever comes first makes an account (SIGN_UP=open: everybody may)'
    : 'nobody can make another account (SIGN_UP=open: everybody may)'
}

/** Where this machine finds it. */
function addressFor(host: string, port: number): string {
  return `http://${isEverywhere(host) ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host}:${port}`
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
