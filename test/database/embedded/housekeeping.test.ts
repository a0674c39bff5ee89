/** When the write-ahead log is cut and tables are vacuumed, on a clock of the test's own. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { keepHouse } from '#database/embedded/housekeeping.ts'

const minuteMs = 60_000
const mebibyte = 1024 * 1024

let written: number
let ran: string[]
let stop: () => void

const engine = {
  query(sql: string) {
    if (sql.includes('pg_current_wal_lsn')) return { rows: [[String(written)]] }
    if (sql.includes('pg_class')) return { rows: [['public.event'], ['public."Ride"']] }
    ran.push(sql)
    return { rows: [] }
  },
}

beforeEach(() => {
  vi.useFakeTimers()
  written = 500 * mebibyte
  ran = []
  stop = keepHouse({ enqueue: (job) => job(engine) }, engine)
})

afterEach(() => {
  stop()
  vi.useRealTimers()
})

const vacuums = ['VACUUM (ANALYZE) public.event', 'VACUUM (ANALYZE) public."Ride"']

it('every table is vacuumed soon after the start, and again after ten minutes with writes in them', () => {
  expect(ran).toEqual([])
  vi.advanceTimersByTime(minuteMs)
  expect(ran).toEqual(vacuums)
  written += 20 * mebibyte
  vi.advanceTimersByTime(9 * minuteMs)
  expect(ran).toEqual(vacuums)
  vi.advanceTimersByTime(minuteMs)
  expect(ran).toEqual([...vacuums, ...vacuums])
})

it('a database at rest is left alone', () => {
  vi.advanceTimersByTime(minuteMs)
  ran = []
  vi.advanceTimersByTime(600 * minuteMs)
  expect(ran).toEqual([])
})

it('a checkpoint comes with every 64 MB of write-ahead log', () => {
  vi.advanceTimersByTime(minuteMs)
  ran = []
  for (let minute = 0; minute < 6; minute++) {
    written += 32 * mebibyte
    vi.advanceTimersByTime(minuteMs)
  }
  expect(ran).toEqual(['CHECKPOINT', 'CHECKPOINT', 'CHECKPOINT'])
})

it('nothing is done after it was stopped', () => {
  stop()
  written += 100 * mebibyte
  vi.advanceTimersByTime(minuteMs)
  expect(ran).toEqual([])
})
