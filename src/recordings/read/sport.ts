/**
 * What was done while it was recorded, by the word that a file has for it. Only what is known to be no cycling keeps a
 * recording out: many files say nothing, or "other", or a maker's own word.
 */

const ride = 'a ride'

/** By the words of FIT's profile, of TCX, and of the services that write GPX; the first that fits. */
const activities: readonly (readonly [RegExp, string])[] = [
  [/\bmoto(r|\b)/, 'a motor ride'],
  [/\bhorse/, 'a ride on horseback'],
  [/bik(e|ing)\b|cycl|\brid(e|ing)\b|\b(mtb|bmx)\b/, ride],
  // Strava's number.
  [/run(ning)?\b|\bjog|^9$/, 'a run'],
  [/\bwalk/, 'a walk'],
  [/\bhik(e|ing)\b|\bmountaineering\b/, 'a hike'],
  [/\bswim/, 'a swim'],
  [/\bsnowshoe/, 'a snowshoe hike'],
  [/ski(ing)?\b|\bsnowboard/, 'a descent or a tour on skis'],
  [/\bskat(e|ing)\b/, 'a tour on skates'],
  [
    /\b(row|rowing|paddl(e|ing)|kayak(ing)?|canoe(ing)?|rafting|sail(ing)?|boating|surf(ing)?)\b/,
    'a tour on the water',
  ],
  [/\b(flying|flight|gliding)\b/, 'a flight'],
  [/\b(driving|drive)\b/, 'a drive'],
  [/\bgolf\b/, 'a round of golf'],
]

/** Why a recording of these sports is no ride; undefined where it is one, or may be. */
export function whyNoRide(sports: readonly string[]): string | undefined {
  const done = [...new Set(sports.flatMap((sport) => activityOf(sport) ?? []))]
  const [first, ...others] = done
  if (first === undefined || (first === ride && others.length === 0)) return undefined
  if (others.length > 0) {
    return `The recording holds several sports (${done.join(', ')}). Export the ride alone.`
  }
  return `This is ${first}, and Slipstream takes bicycle rides. Where it is one, correct its type and export it again.`
}

function activityOf(sport: string): string | undefined {
  const words = sport
    .slice(0, 100)
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .replaceAll(/[\W_]+/g, ' ')
    .trim()
    .toLowerCase()
  return activities.find(([pattern]) => pattern.test(words))?.[1]
}

/** The names of FIT's numbers (profile, type "sport") that somebody can be on the way in. */
const fitSports: Readonly<Record<number, string>> = {
  1: 'running',
  2: 'cycling',
  5: 'swimming',
  11: 'walking',
  12: 'cross-country skiing',
  13: 'alpine skiing',
  14: 'snowboarding',
  15: 'rowing',
  16: 'mountaineering',
  17: 'hiking',
  19: 'paddling',
  20: 'flying',
  21: 'e-biking',
  22: 'motorcycling',
  23: 'boating',
  24: 'driving',
  25: 'golf',
  26: 'hang gliding',
  27: 'horseback riding',
  30: 'inline skating',
  32: 'sailing',
  33: 'ice skating',
  35: 'snowshoeing',
  37: 'stand-up paddle boarding',
  38: 'surfing',
  41: 'kayaking',
  42: 'rafting',
  43: 'wind surfing',
  44: 'kite surfing',
  65: 'walking in a wheelchair',
  66: 'running in a wheelchair',
  81: 'motor sports',
  88: 'canoeing',
}

/** Undefined for one that is not known, and for what may be anything (generic, transition, multisport …). */
export function fitSport(number: number | undefined): string | undefined {
  return number === undefined ? undefined : fitSports[number]
}
