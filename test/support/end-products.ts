/** Runs in every file that may start the product: whatever a test left running ends with the file. */
import { afterAll } from 'vitest'
import { endProducts } from './product.ts'

afterAll(endProducts)
