/** The imports of the app: what is under way goes on while one looks at other pages, and is there when one comes back. */
import type { App } from '../app/app.ts'
import { isUnderWay } from './import-words.ts'
import { createImports, type Imports } from './imports.ts'
import { sendFile } from './send-file.ts'

const known = new WeakMap<App, Imports>()

export function importsOf(app: App): Imports {
  const before = known.get(app)
  if (before !== undefined) return before
  const imports = createImports({ send: sendFile, pause: app.server.socket.pause })
  known.set(app, imports)
  // Closing the window would cut them off.
  const warn = (event: BeforeUnloadEvent) => event.preventDefault()
  imports.files.subscribe(() => {
    if (isUnderWay(imports.files.get())) window.addEventListener('beforeunload', warn)
    else window.removeEventListener('beforeunload', warn)
  })
  return imports
}
