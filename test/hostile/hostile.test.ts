/** A little of each attack (`npm run hostile` makes all of it, with any seed). */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase } from '../support/database.ts'
import { type Product, startProduct } from '../support/product.ts'
import { attackNames } from './attacks.ts'
import { attackedEnv, type Report, runHostile } from './hostile-run.ts'
import { shortScale } from './options.ts'
import { tableOf } from './table.ts'

/** Another one each day, so that in time much is tried; the same on one day, so that what fails can be looked at. */
const seed = Math.floor(Date.now() / 86_400_000)

let report: Report
let product: Product
beforeAll(async () => {
  const database = await freshDatabase()
  product = await startProduct({ env: { ...attackedEnv, DATABASE_URL: database.url } })
  report = await runHostile({ product, seed, only: attackNames, scale: shortScale, calmMs: 500 })
  console.log(`Seed ${seed}\n${tableOf(report)}`)
}, 120_000)
afterAll(() => product?.[Symbol.asyncDispose]())

test.each(attackNames)('%s are answered without a fault, a look inside, or anybody held up', (attack) => {
  const row = report.rows.find((row) => row.attack === attack)
  expect(row?.sent).toBeGreaterThan(0)
  expect(row?.findings).toEqual([])
})
