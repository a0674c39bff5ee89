/** Words that rides are looked for by, as PostgreSQL's text search takes them. */
import { type RawBuilder, sql } from 'kysely'
import { asGraphQLError } from './errors.ts'

export type SearchedWords = readonly SearchedWord[]

interface SearchedWord {
  /** A phrase, whose words stand beside each other; else words, each of which may go on. */
  readonly isPhrase: boolean
  readonly isExcluded: boolean
  readonly text: string
}

const longestText = 200
const mostWords = 20

/** Throws where there is no word in it, or too much. */
export function wordsOf(text: string): SearchedWords {
  if (text.length > longestText) {
    throw refusal(
      `'text' has at most ${longestText} characters, and this has ${text.length}. Look for fewer words.`,
    )
  }
  const words = [...partsOf(text.toWellFormed().replaceAll('\0', ' '))]
  if (!words.some(({ isExcluded }) => !isExcluded))
    throw refusal("'text' holds no word to look for. Send at least one, or leave it out.")
  if (words.length > mostWords)
    throw refusal(`'text' holds at most ${mostWords} words or phrases. Look for fewer.`)
  return words
}

/** A quote that is not closed reaches to the end: who types has not come there yet. */
function* partsOf(text: string): Generator<SearchedWord> {
  const part = /(?<minus>(?<=^|\s)-)?(?:["“”„«](?<phrase>[^"“”„«»]*)["“”»]?|(?<words>[^\s"“”„«»]+))/gu
  for (const { groups = {} } of text.matchAll(part)) {
    const { minus, phrase, words } = groups
    const found = (phrase ?? words ?? '').match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu)
    if (found === null) continue
    yield { isPhrase: phrase !== undefined, isExcluded: minus !== undefined, text: found.join(' ') }
  }
}

/** A tsquery that a ride's `words` have to match. The words are given to PostgreSQL's own parser, which leaves nothing of an operator in them. */
export function tsqueryOf(words: SearchedWords): RawBuilder<string> {
  const each = words.map(({ isPhrase, isExcluded, text }) => {
    // Of a word that PostgreSQL divides further the last part may go on, and the others stand before it.
    const query = isPhrase
      ? sql<string>`phraseto_tsquery('simple', searchable(${text}))`
      : sql<string>`(${sql.join(
          text
            .split(' ')
            .map(
              (word) =>
                sql`to_tsquery('simple', quote_literal(nullif(btrim(searchable(${word})), '')) || ':*')`,
            ),
          sql` && `,
        )})`
    return isExcluded ? sql<string>`!!${query}` : query
  })
  return sql<string>`(${sql.join(each, sql` && `)})`
}

/** As `ride_words` marks the rows: all of a rider as he sees them, and the public ones as others do. */
export function wordOfRider(riderId: string): RawBuilder<string> {
  return sql<string>`quote_literal(chr(1) || ${riderId}::text)::tsquery`
}
export const wordOfPublic = sql<string>`quote_literal(chr(2))::tsquery`

function refusal(message: string) {
  return asGraphQLError('INVALID_INPUT', message)
}
