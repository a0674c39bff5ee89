/** CPU time of processes, PostgreSQL's sessions included: unlike a rate it is nearly the same on a busy machine. */
import { readFileSync } from 'node:fs'
import { statement } from '../support/statement.ts'
import type { Figures } from './rounds.ts'

/** Linux counts in these, on all common machines. */
const ticksPerSecond = 100

export interface Measured {
  /** By name. */
  readonly pids: Readonly<Record<string, number>>
  /** Whose sessions are counted. */
  readonly databaseUrl: string
}

/** Seconds of CPU time that each of the processes has taken so far; nothing where the system does not say. */
export async function cpuOf(service: Measured): Promise<Figures> {
  const own = Object.entries(service.pids).map(([role, pid]) => [role, secondsOf(pid)] as const)
  const sessions = await statement(
    service.databaseUrl,
    'select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  )
  const database = sessions.reduce((sum, { pid }) => sum + (secondsOf(Number(pid), 'postgres') ?? 0), 0)
  return Object.fromEntries(
    [...own, ['postgres', database] as const].flatMap(([name, seconds]) =>
      seconds === undefined ? [] : [[name, seconds]],
    ),
  )
}

/** Microseconds of CPU time by process for each of so many requests. */
export function cpuBetween(before: Figures, after: Figures, requests: number): Figures {
  return Object.fromEntries(
    Object.entries(after).map(([name, seconds]) => [
      `${name}CpuUs`,
      ((seconds - (before[name] ?? 0)) * 1e6) / requests,
    ]),
  )
}

const names = {
  'writes.project': 'ROLE=api and ROLE=worker',
  'writes.all': 'ROLE=all',
  'writes.mercurius': 'Mercurius + pg',
  'writes.postgraphile': 'PostGraphile 5',
  'observation.plain': 'unobserved',
  'observation.sampled': 'one of a hundred traced, metrics asked for every second',
  'observation.traced': 'all traced',
} as const
const processes = {
  api: 'the API',
  worker: 'the worker',
  all: 'its process',
  server: 'its process',
  postgres: "PostgreSQL's sessions",
} as const

/** What a request took of each process, in words. */
export function cpuNotes(figures: Figures): string[] {
  return Object.entries(names).flatMap(([who, name]) => {
    const parts = Object.entries(processes).flatMap(([process, words]) => {
      const us = figures[`${who}.${process}CpuUs`]
      return us === undefined ? [] : [`${words} ${us.toFixed(0)} µs`]
    })
    return parts.length === 0 ? [] : [`CPU time a single-position mutation, ${name}: ${parts.join(', ')}`]
  })
}

function secondsOf(pid: number, name?: string): number | undefined {
  let stat: string
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return undefined
  }
  // The server may be on another machine, where the same number means another process.
  if (name !== undefined && !stat.includes(`(${name})`)) return undefined
  // The name in brackets may hold anything; utime and stime are the 12th and 13th behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}
