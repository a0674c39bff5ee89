/** Whether a PostgreSQL server can hold Slipstream, and by its settings keeps what it has confirmed. */
import { type Finding, findingsAbout } from './finding.ts'
import type { ServerFacts } from './server-facts.ts'

const { good, wrong } = findingsAbout('Database')

const oldestServer = 150_000
const oldestPostgis = [3, 3] as const

export function judgeServer(facts: ServerFacts, role: 'all' | 'api' | 'worker'): Finding[] {
  return [judgeVersion(facts), judgePostgis(facts), ...judgeRights(facts, role)]
}

function judgeVersion({ version }: ServerFacts): Finding {
  const called = `${Math.floor(version / 10_000)}.${version % 10_000}`
  return version < oldestServer
    ? wrong(
        `It is PostgreSQL ${called}; Slipstream needs 15 or later.`,
        'Point DATABASE_URL at a newer server.',
      )
    : good(`It is PostgreSQL ${called}.`)
}

/** By its sessions, which the embedded database does not tell apart. */
export function judgeUse({ connections: { own } }: ServerFacts): Finding {
  return good(
    own > 0
      ? `Slipstream works on it: ${own} ${own === 1 ? 'connection is its' : 'connections are its'} own.`
      : 'No process of Slipstream works on it now.',
  )
}

function judgePostgis({ postgis: { installed, available }, rights }: ServerFacts): Finding {
  if (installed !== null) {
    return isOld(installed)
      ? wrong(
          `Its PostGIS is ${installed}; Slipstream needs 3.3 or later.`,
          'Install a newer one on its server, then run "select postgis_extensions_upgrade()" in the database.',
        )
      : good(`It has PostGIS ${installed}.`)
  }
  return available === null
    ? wrong(
        'It has no PostGIS.',
        'Install it on the database server (Debian: apt-get install postgresql-15-postgis-3).',
      )
    : rights.mayEnablePostgis
      ? good(`PostGIS ${available} is at hand; the first start enables it.`)
      : wrong(
          `PostGIS ${available} is at hand and not enabled, and this user may not enable it.`,
          'Run "create extension postgis" in the database as a superuser.',
        )
}

function isOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major < oldestPostgis[0] || (major === oldestPostgis[0] && minor < oldestPostgis[1])
}

function judgeRights({ rights }: ServerFacts, role: 'all' | 'api' | 'worker'): Finding[] {
  const findings: Finding[] = []
  if (!rights.mayCreate) {
    findings.push(
      wrong(
        'This user may not create tables in it.',
        'Make him its owner, or run "grant create, usage on schema public to …" in it as a superuser.',
      ),
    )
  }
  if (role !== 'api' && !rights.mayQueue) {
    findings.push(
      wrong(
        'This user may not make the schema "pgboss", in which webhooks wait to be sent.',
        'Run "create schema pgboss authorization …" in it as its owner ("alter schema pgboss owner to …" where there is one).',
      ),
    )
  }
  if (rights.mayAppend === false) {
    findings.push(
      wrong(
        'This user may not read and write the log.',
        'Let the user who made the tables be the one in DATABASE_URL, or make this one their owner.',
      ),
    )
  }
  return findings.length > 0 ? findings : [good('Its user may do what Slipstream needs.')]
}
