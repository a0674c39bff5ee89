/** What `npm start` gives Node, for those who start the product themselves. */
import { readFileSync } from 'node:fs'

const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly scripts: { readonly start: string }
}

export const nodeFlags: readonly string[] =
  / -- (.*) src\/main\.ts$/.exec(scripts.start)?.[1]?.split(' ') ?? []
