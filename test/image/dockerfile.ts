/** A Dockerfile, as far as ours goes: the few instructions that it uses, and none besides, so that what is made of it is the same. */

export interface Stage {
  /** The name of an earlier stage, or of an image. */
  readonly from: string
  readonly name: string
  readonly steps: readonly Step[]
}

export type Step =
  | { readonly kind: 'workdir'; readonly path: string }
  | {
      readonly kind: 'copy'
      readonly from: string | undefined
      readonly sources: readonly string[]
      readonly target: string
    }
  | { readonly kind: 'run'; readonly command: string }
  | { readonly kind: 'env'; readonly values: Readonly<Record<string, string>> }
  | { readonly kind: 'user'; readonly name: string }
  | { readonly kind: 'healthcheck'; readonly command: readonly string[] }
  | { readonly kind: 'cmd'; readonly command: readonly string[] }
  /** Says something to Docker alone. */
  | { readonly kind: 'said' }

export function parseDockerfile(text: string): Stage[] {
  const stages: (Stage & { steps: Step[] })[] = []
  const lines = text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  for (const line of lines) {
    const [, instruction = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? []
    if (instruction === 'FROM') {
      const [, from = '', name = ''] = /^(\S+)(?: AS (\S+))?$/.exec(rest) ?? []
      stages.push({ from, name, steps: [] })
    } else {
      const stage = stages.at(-1)
      if (stage === undefined) throw new Error(`Before the first stage: ${line}`)
      stage.steps.push(stepOf(instruction, rest))
    }
  }
  return stages
}

function stepOf(instruction: string, rest: string): Step {
  switch (instruction) {
    case 'WORKDIR':
      return { kind: 'workdir', path: rest }
    case 'COPY': {
      const [, from, paths = ''] = /^(?:--from=(\S+) )?([^-].*)$/.exec(rest) ?? []
      const all = paths.split(/\s+/)
      return { kind: 'copy', from, sources: all.slice(0, -1), target: all.at(-1)! }
    }
    case 'RUN':
      // A cache between builds; npm has one of its own.
      return { kind: 'run', command: rest.replace(/^--mount=type=cache,\S+\s+/, '') }
    case 'ENV':
      return { kind: 'env', values: Object.fromEntries(rest.split(/\s+/).map((each) => each.split('='))) }
    case 'USER':
      return { kind: 'user', name: rest }
    case 'HEALTHCHECK':
      return { kind: 'healthcheck', command: JSON.parse(rest.slice(rest.indexOf('['))) }
    case 'CMD':
      return { kind: 'cmd', command: JSON.parse(rest) }
    case 'VOLUME':
    case 'EXPOSE':
      return { kind: 'said' }
    default:
      throw new Error(`${instruction} is not known here: teach it to test/image/dockerfile.ts`)
  }
}

/** Whether a file of the build's directory gets into it: the last line of .dockerignore that fits the file, or a directory above it. */
export function createFilter(dockerignore: string): (path: string) => boolean {
  const rules = dockerignore
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ lets: line.startsWith('!'), pattern: patternOf(line.replace(/^!/, '')) }))
  return (path) => rules.findLast(({ pattern }) => pattern.test(path))?.lets ?? true
}

function patternOf(glob: string): RegExp {
  const pattern = glob
    .replaceAll('.', '\\.')
    .replaceAll('**/', '\0')
    .replaceAll('*', '[^/]*')
    .replaceAll('\0', '(?:.*/)?')
  return new RegExp(`^${pattern}(?:/|$)`)
}
