/** What goes wrong in a run. Each fault is inflicted, lasts a while, and has been healed when its promise resolves. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Random } from '#recordings/simulate/simulate-random.ts'
import type { Cluster } from '../support/cluster.ts'
import { query } from './database-directly.ts'
import type { Fleet, Instance } from './fleet.ts'
import type { Ledger } from './ledger.ts'
import { stopWorker } from './stopped-worker.ts'

export interface Scene {
  readonly cluster: Cluster
  readonly fleet: Fleet
  readonly ledger: Ledger
  readonly random: Random
}

export interface Fault {
  readonly name: string
  /** Nothing else may be wrong meanwhile. */
  readonly isAlone?: true
  inflict(scene: Scene): Promise<void>
}

export const faults: readonly Fault[] = [
  { name: 'kill of api', inflict: (scene) => killed(scene, scene.fleet.apis) },
  { name: 'kill of worker', inflict: (scene) => killed(scene, scene.fleet.workers) },
  { name: 'kill of postgres', inflict: postgresKilled },
  { name: 'cut', inflict: cut },
  { name: 'answer lost, api', inflict: (scene) => answerLost(scene, scene.fleet.apis) },
  { name: 'answer lost, worker', inflict: (scene) => answerLost(scene, scene.fleet.workers) },
  { name: 'listeners cut', inflict: listenersCut },
  {
    name: 'delay',
    inflict: (scene) => network(scene, ({ network }) => network.delay(5 + 50 * scene.random())),
  },
  { name: 'split', inflict: (scene) => network(scene, ({ network }) => network.split()) },
  { name: 'notifications lost', inflict: (scene) => network(scene, ({ network }) => network.mute()) },
  { name: 'black hole', inflict: (scene) => network(scene, ({ network }) => network.blackhole()) },
  { name: 'database refused', inflict: databaseRefused },
  { name: 'stop of worker', isAlone: true, inflict: stopWorker },
]

const anyOf = <T>(items: readonly T[], random: Random): T => items[Math.floor(items.length * random())]!

async function killed({ random, ledger }: Scene, instances: readonly Instance[]): Promise<void> {
  const instance = anyOf(instances, random)
  await instance.kill()
  ledger.count(`kills of ${instance.role}`)
  await pause(1_000 * random())
  await instance.start()
}

async function postgresKilled({ cluster, random, ledger }: Scene): Promise<void> {
  await cluster.kill9()
  ledger.count('kills of postgres')
  await pause(1_500 * random())
  await cluster.restart()
}

async function cut({ fleet, random, ledger }: Scene): Promise<void> {
  const { network } = anyOf(fleet.all, random)
  for (let times = 1 + Math.floor(3 * random()); times > 0; times--) {
    ledger.count('connections cut', network.cut())
    await pause(300 * random())
  }
}

/** What was asked is done, and nobody is told: an append, or a projection's commit. */
async function answerLost({ random, ledger }: Scene, instances: readonly Instance[]): Promise<void> {
  const { network } = anyOf(instances, random)
  for (let times = 1 + Math.floor(5 * random()); times > 0; times--) {
    const lost = network.loseAnswer(/append_events|^commit/i).then(() => ledger.count('commits unanswered'))
    await Promise.race([lost, pause(1_000)])
  }
}

async function listenersCut({ cluster, ledger }: Scene): Promise<void> {
  try {
    const rows = await query(
      cluster.url,
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'slipstream listen'`,
    )
    ledger.count('listeners cut', rows.length)
  } catch {
    // PostgreSQL is away itself.
  }
}

async function network({ fleet, random }: Scene, disturb: (instance: Instance) => void): Promise<void> {
  const instance = anyOf(fleet.all, random)
  disturb(instance)
  await pause(500 + 2_000 * random())
  instance.network.pass()
}

async function databaseRefused({ fleet, random, ledger }: Scene): Promise<void> {
  const { network } = anyOf(fleet.all, random)
  network.refuse()
  ledger.count('connections cut', network.cut())
  await pause(1_500 * random())
  network.pass()
}
