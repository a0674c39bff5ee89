/**
 * Tells the service worker what the app is made of: after the build, for only then it is known. Its list, and the name of the
 * build, are put into `sw.js`; the name is put into the page too, so that a page knows whether a newer one is there.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Plugin, Rolldown } from 'vite'

export interface PrecachedFile {
  readonly url: string
  /** Null where the name changes with the content. */
  readonly revision: string | null
}

/** As it stands in the worker's source, and in the page's. */
const listPlace = '__PRECACHED_FILES__'
const buildPlace = '__BUILD__'

/** Mapbox is of no use without a network: neither it nor what only it needs. */
const isLeftOut = (file: string) => /\/mapbox-[^/]*$/.test(file)

export function precache(): Plugin {
  return {
    name: 'slipstream:precache',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const worker = bundle['sw.js']
        const page = bundle['index.html']
        if (worker?.type !== 'chunk' || page?.type !== 'asset') {
          return this.error('The build has no sw.js, or no index.html')
        }
        if (/^\s*(import|export)\b/m.test(worker.code)) {
          return this.error('sw.js has to stand alone: it shares a chunk with the page')
        }
        const files: PrecachedFile[] = partsOf(bundle).map((file) => ({ url: `/${file}`, revision: null }))
        for (const [url, content] of publicFiles()) files.push({ url, revision: hashOf(content) })
        const source = textOf(page.source)
        const build = hashOf(`${JSON.stringify(files)}${source}`)
        page.source = source.replace(buildPlace, build)
        files.push({ url: '/index.html', revision: build })
        worker.code = worker.code
          .replaceAll(`"${buildPlace}"`, JSON.stringify(build))
          .replaceAll(`\`${buildPlace}\``, JSON.stringify(build))
          .replace(listPlace, JSON.stringify(files))
        if (worker.code.includes(listPlace) || worker.code.includes(buildPlace)) {
          return this.error('sw.js has no place for what it precaches')
        }
        // Others are compressed before their content is known to be this.
        for (const [name, text] of [
          ['sw.js', worker.code],
          ['index.html', page.source],
        ] as const) {
          this.emitFile({ type: 'asset', fileName: `${name}.gz`, source: gzipSync(text, { level: 9 }) })
        }
      },
    },
  }
}

/** All that the page may come to load, but what is left out: chunks by what imports them, other files by who names them. */
function partsOf(bundle: Rolldown.OutputBundle): string[] {
  const files = Object.keys(bundle).filter((file) => file.startsWith('assets/') && !isLeftOut(file))
  const others = files.filter((file) => bundle[file]?.type === 'asset' && !/\.(gz|map)$/.test(file))
  const reached = new Set(['index.html'])
  // What is added meanwhile is visited too.
  for (const file of reached) {
    const part = bundle[file]
    const text = part?.type === 'chunk' ? part.code : textOf(part?.source ?? '')
    const imported =
      part?.type === 'chunk'
        ? [...part.imports, ...part.dynamicImports]
        : files.filter((chunk) => bundle[chunk]?.type === 'chunk' && text.includes(chunk))
    const named = others.filter((asset) => text.includes(asset.slice('assets/'.length)))
    for (const next of [...imported, ...named]) if (files.includes(next)) reached.add(next)
  }
  reached.delete('index.html')
  return [...reached].sort()
}

/** What is copied as it is: icons and the manifest. */
function* publicFiles(): Generator<[url: string, content: Buffer]> {
  const directory = join(import.meta.dirname, '../public')
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    yield [path.slice(directory.length).replaceAll('\\', '/'), readFileSync(path)]
  }
}

function hashOf(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16)
}

function textOf(source: string | Uint8Array): string {
  return typeof source === 'string' ? source : Buffer.from(source).toString('utf8')
}
