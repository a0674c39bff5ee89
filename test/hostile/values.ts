/** Values that break what does not expect them. */

/** Stands in a JSON value for a text that no JSON writer writes. */
const raw = (json: string): string => `\u0001raw:${json}\u0001`

/** As JSON, with the raw ones as they are. */
export function hostileJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(/"\\u0001raw:(.*?)\\u0001"/g, (_, json: string) =>
    JSON.parse(`"${json}"`),
  )
}

const mebibyte = 1024 * 1024

/** Words in them are none of those by which a leak is known (judge.ts). */
export const hostileTexts: Readonly<Record<string, string>> = {
  empty: '',
  blank: ' \t\r\n\u00a0\u2028',
  NUL: 'a\u0000b',
  'NUL alone': '\u0000',
  'control characters': '\u0001\u0007\u001b[31m\u007f\u0085',
  'half a surrogate pair': 'a\ud800b',
  'the other half': '\udc00',
  'turned halves': '\udfff\ud83d',
  'right to left': '\u202eabc\u202c\u200f\u061c',
  'zero width': '\u200b\u200d\ufeff',
  'combining marks': `Z${'\u0301'.repeat(5_000)}`,
  'no character': '\uffff\ufffe\u{10ffff}',
  flags: '\u{1f1e6}'.repeat(1_000),
  'nearly a mebibyte': 'x'.repeat(mebibyte - 4_096),
  'over a mebibyte': 'x'.repeat(mebibyte),
  'SQL, a quote': "'",
  'SQL, always true': "' OR '1'='1' --",
  'SQL, another statement': "'; VACUUM; --",
  'SQL, in dollars': '$$; VACUUM; $$',
  'SQL, a parameter': '$1',
  'SQL, that sleeps': "') || pg_sleep(25) || ('",
  'SQL, backslashes': "\\'; --\\\\",
  'SQL, a pattern': `${'%_'.repeat(2_000)}\\`,
  'SQL, a search': "a & | ! <-> ( ) : * '",
  'search operators': `${'"'.repeat(999)} -or- OR OR AND NOT - "" *:*`,
  'a regular expression': `(${'a+'.repeat(200)})+$${'a'.repeat(10_000)}!`,
  'a format': '%s%n%x {0} #{env} {{constructor}}',
  markup: '<script>alert(1)</script><!--]]>&nbsp;&#0;',
  'a path': '../../../../etc/passwd',
  'a path, encoded': '%2e%2e%2f%00',
  'header lines': 'a\r\nset-cookie: a=b\r\n\r\n',
  'a UUID, nearly': '6f1c2a34-5b6d-4e7f-8a90-b1c2d3e4f50g',
  'a UUID, all zeros': '00000000-0000-0000-0000-000000000000',
  'a UUID, all ones': 'ffffffff-ffff-ffff-ffff-ffffffffffff',
  'an instant, long ago': '0000-01-01T00:00:00Z',
  'an instant, far': '9999-12-31T23:59:59.999Z',
  'an instant, none': '2026-02-30T25:61:61Z',
  'an instant, long': `2026-05-31T08:00:00.${'9'.repeat(5_000)}Z`,
  'an instant, with an offset': '2026-05-31T08:00:00+99:99',
  'an instant, six digits': '+275760-09-13T00:00:00.001Z',
  NaN: 'NaN',
  Infinity: 'Infinity',
  'the prototype': '__proto__',
  'the constructor': 'constructor',
  'what every object has': 'toString',
  'base64 of nothing': 'AAAA',
  'base64, long': 'A'.repeat(10_000),
  JSON: '{"$ne":null}',
}

const hostileNumbers: Readonly<Record<string, unknown>> = {
  zero: 0,
  'minus zero': raw('-0'),
  negative: -1,
  'behind 32 bits': 2 ** 31,
  'before 32 bits': -(2 ** 31) - 1,
  'the last of 32 bits': 2 ** 31 - 1,
  'the first of 32 bits': -(2 ** 31),
  'behind exact': raw('9007199254740993'),
  'behind 64 bits': raw('18446744073709551617'),
  huge: 1e308,
  'behind all': raw('1e400'),
  'a thousand digits': raw('9'.repeat(1_000)),
  tiny: 5e-324,
  fraction: 0.1,
  'a little over 90': 90.000_000_1,
  'a little over 180': 180.000_000_1,
}

const hostileShapes: Readonly<Record<string, unknown>> = {
  null: null,
  true: true,
  'empty list': [],
  'list in list': [[[]]],
  'empty object': {},
  'an object': { a: 1 },
  // A member of that name, and no prototype.
  'a prototype': { ['__proto__']: { isAdmin: true } },
  'a constructor': { constructor: { prototype: { isAdmin: true } } },
  'what every object has': { toString: 1, valueOf: 1, toJSON: 1 },
  deep: raw(`${'['.repeat(5_000)}${']'.repeat(5_000)}`),
  'deep objects': raw(`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`),
  'a long list': raw(`[${'0,'.repeat(100_000)}0]`),
}

export const hostileValues: readonly (readonly [name: string, value: unknown])[] = [
  ...named('text', hostileTexts),
  ...named('number', hostileNumbers),
  ...named('shape', hostileShapes),
]

function named(kind: string, values: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(values).map(([name, value]) => [`${kind}, ${name}`, value])
}
