/** Says, where rides are added up or compared, that what is looked for in the list does not narrow these. */
import { useFormats } from '../rides/use-formats.ts'
import { chipsOf } from './chips.ts'
import type { HistorySearch } from './search.ts'

export function NotFiltered({ search, children }: { search: HistorySearch; children: string }) {
  const { units } = useFormats()
  const chips = chipsOf(search, units)
  if (chips.length === 0) return null
  return (
    <p className="history-not-filtered" role="note">
      {children} {chips.length === 1 ? 'The filter' : 'The filters'}{' '}
      {chips.map(({ words }) => words).join(', ')} {chips.length === 1 ? 'narrows' : 'narrow'} only the list
      of rides, and {chips.length === 1 ? 'is' : 'are'} kept there.
    </p>
  )
}
