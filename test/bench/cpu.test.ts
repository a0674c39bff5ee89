import { expect, test } from 'vitest'
import { cpuBetween, cpuNotes } from './cpu.ts'

test('CPU time is told by process and request, a process that came meanwhile from its start', () => {
  const cpu = cpuBetween({ api: 1, postgres: 2 }, { api: 1.5, worker: 0.1, postgres: 2.25 }, 1_000)
  expect(cpu).toEqual({ apiCpuUs: 500, workerCpuUs: 100, postgresCpuUs: 250 })
})

test('what was measured is said in words, and of others nothing', () => {
  expect(cpuNotes({ 'writes.all.allCpuUs': 120.4, 'writes.all.perSecond': 9 })).toEqual([
    'CPU time a single-position mutation, ROLE=all: its process 120 µs',
  ])
  expect(cpuNotes({})).toEqual([])
})
