/** Reads a cell in a component, which renders again when the value is replaced. */
import { useSyncExternalStore } from 'react'
import type { Cell } from './cell.ts'

export function useCell<Value>(cell: Pick<Cell<Value>, 'get' | 'subscribe'>): Value {
  return useSyncExternalStore(cell.subscribe, cell.get)
}
