/** What can be said of the configuration alone. */
import type { Config } from '#config.ts'
import { isLoopback } from '#server/loopback.ts'
import { type Finding, findingsAbout } from './finding.ts'

const environment = findingsAbout('Configuration')
const map = findingsAbout('Map')

export function judgeFaults(faults: readonly string[]): Finding[] {
  return faults.map((fault) =>
    environment.wrong(
      `${fault}.`,
      'Set it right, or leave it unset: the README says what each variable is for.',
    ),
  )
}

export function judgeConfig(config: Config): Finding[] {
  const { role, databaseUrl } = config
  const at = databaseUrl === undefined ? `the embedded database in ${config.dataDirectory}` : 'DATABASE_URL'
  return [
    environment.good(
      `The environment can be read: ROLE=${role}, port ${config.port} of ${config.host}, on ${at}.`,
    ),
    ...(role === 'worker' ? [] : judgeReach(config)),
  ]
}

/** Who reaches the server, and what of it can be read on the way. */
function judgeReach({ host, signIn, trustedProxies }: Config): Finding[] {
  if (signIn === undefined) {
    return isLoopback(host)
      ? [environment.good('Only this machine reaches the server, and nobody signs in.')]
      : [
          environment.wrong(
            `HOST=${host} lets others reach the server, and AUTH_SECRET is not set: it does not start like this.`,
            'Set AUTH_SECRET to what `openssl rand -hex 32` prints, once, or HOST to 127.0.0.1.',
          ),
        ]
  }
  const findings = [environment.good('Riders sign in: AUTH_SECRET is set.')]
  const { publicUrl } = signIn
  if (publicUrl === undefined) {
    if (!isLoopback(host)) {
      findings.push(
        environment.doubtful(
          `HOST=${host} lets others reach the server, and PUBLIC_URL does not say by which address.`,
          'Set PUBLIC_URL to the https address that browsers use, so that cookies travel by no other way.',
        ),
      )
    }
    return findings
  }
  const { protocol, hostname } = new URL(publicUrl)
  if (protocol === 'https:') {
    findings.push(environment.good('Browsers come by https.'))
    if (trustedProxies.length === 0) {
      findings.push(
        environment.doubtful(
          'PUBLIC_URL is https, so a proxy stands in front, and TRUSTED_PROXIES names none: all clients are counted as one.',
          'Set TRUSTED_PROXIES to the address of the proxy.',
        ),
      )
    }
  } else if (!isLoopback(hostname.replace(/^\[|\]$/g, ''))) {
    findings.push(
      environment.doubtful(
        'PUBLIC_URL is http: cookies, passwords and positions can be read by whoever is on the way.',
        'Put a proxy in front that speaks https, and set PUBLIC_URL to that address.',
      ),
    )
  }
  return findings
}

/** By its form alone. */
export function judgeMapToken(token: string | undefined): Finding {
  if (token === undefined)
    return map.good('There is no token of Mapbox: the map is OpenFreeMap’s, or the one built in.')
  if (token.startsWith('sk.')) {
    return map.wrong(
      'MAPBOX_ACCESS_TOKEN is a SECRET token (sk.…), and the server gives it to every browser: whoever opens a page can use your account.',
      'Revoke it at Mapbox now, and set MAPBOX_ACCESS_TOKEN to a public token (pk.…).',
    )
  }
  if (!token.startsWith('pk.')) {
    return map.wrong(
      'MAPBOX_ACCESS_TOKEN does not look like a token of Mapbox, which begins with pk.',
      'Copy the public token from your account at Mapbox, or leave it unset.',
    )
  }
  return map.good('MAPBOX_ACCESS_TOKEN is a public token by its form.')
}

/** `answer`: what Mapbox calls the token; undefined where it was not reached. */
export function judgeMapbox(answer: string | undefined): Finding {
  if (answer === undefined) {
    return map.doubtful(
      'Mapbox was not reached.',
      'Look whether this machine has a network; browsers ask Mapbox themselves.',
    )
  }
  return answer === 'TokenValid'
    ? map.good('Mapbox takes the token.')
    : map.wrong(
        `Mapbox does not take the token (${answer}).`,
        'Copy the public token from your account at Mapbox, or leave MAPBOX_ACCESS_TOKEN unset.',
      )
}

export function judgePage(isBuilt: boolean): Finding {
  const page = findingsAbout('Pages')
  return isBuilt
    ? page.good('The pages are built.')
    : page.doubtful('The pages are not built: the server answers 503 for them.', 'Run: npm run build')
}
