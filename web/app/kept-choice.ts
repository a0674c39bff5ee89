/** Another tab has chosen something else, or this page comes out of the browser's store of pages, where it heard of nothing. */
export type OnKept = (key: string, read: () => void) => void

export function onKept(key: string, read: () => void): void {
  window.addEventListener('storage', (event) => {
    // Null: all was cleared.
    if (event.key === key || event.key === null) read()
  })
  onShownAgain(read)
}

/** This page comes out of the browser's store of pages, as it was. */
export function onShownAgain(shown: () => void): void {
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) shown()
  })
}
