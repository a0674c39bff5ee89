/** What simulated riders call their rides. */

const landmarks = [
  'Lake',
  'Col',
  'Mill',
  'Abbey',
  'Forest',
  'River',
  'Castle',
  'Vineyard',
  'Quarry',
  'Lighthouse',
  'Orchard',
  'Viaduct',
  'Chapel',
  'Heath',
  'Harbour',
  'Gorge',
  'Reservoir',
  'Windmill',
  'Three bridges',
  'Old railway',
  'Two valleys',
  'Market town',
  'Ridge',
  'Water meadows',
  'Observatory',
  'Ferry',
  'Stone circle',
  'Hop fields',
  'Beacon',
  'Toll house',
  'Marsh',
  'Waterfall',
  'Drovers’ road',
  'Canal',
  'Deer park',
  'Old town',
  'Saddle',
] as const

const kinds = [
  'loop',
  'commute',
  'round',
  'spin',
  'climb',
  'evening ride',
  'tempo ride',
  'coffee ride',
  'tour',
  'intervals',
  'recovery ride',
  'club ride',
  'morning ride',
  'lunch ride',
  'recce',
  'out and back',
  'endurance ride',
  'chain gang',
  'errands',
  'sprint',
  'hill repeats',
  'easy hour',
  'detour',
  'dash',
  'ramble',
  'circuit',
  'time trial',
] as const

/** Some thousand numbers in a row have a title each. */
export function titleOf(number: number): string {
  const landmark = landmarks[number % landmarks.length]!
  // Their lengths have no common divisor, so that both can go round at once: 37 × 27 titles.
  const kind = kinds[number % kinds.length]!
  return `${landmark} ${kind}`
}
