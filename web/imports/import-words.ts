/** What came of the files, in one sentence. */
import type { FileImport, ImportState } from './imports.ts'

const words: readonly (readonly [ImportState['status'], string])[] = [
  ['imported', 'imported'],
  ['there already', 'already there'],
  ['at same time', 'waiting for your answer'],
  ['refused', 'refused'],
  ['failed', 'not sent'],
]

/** `12 imported, 2 already there, 1 refused`; while they are sent, how many are left. */
export function summaryInWords(files: readonly FileImport[]): string {
  const count = (status: ImportState['status']) => files.filter(({ state }) => state.status === status).length
  const left = count('waiting') + count('sending')
  const parts = words.flatMap(([status, word]) => (count(status) === 0 ? [] : [`${count(status)} ${word}`]))
  return [...parts, ...(left === 0 ? [] : [`${left} to go`])].join(', ')
}

export function isUnderWay(files: readonly FileImport[]): boolean {
  return files.some(({ state }) => state.status === 'waiting' || state.status === 'sending')
}
