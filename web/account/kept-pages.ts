/**
 * Pages that the browser keeps whole, to show them again at Back, also without a network: one that is of somebody who is not
 * signed in here any more must not be shown again.
 *
 * A mark that all pages of this browser read changes whenever somebody comes or leaves. It says nothing of who that is.
 */
const key = 'slipstream.session'

export interface KeptPages {
  /** Somebody comes, or leaves: pages as they are now are not to be shown again. */
  outdate(): void
}

/**
 * @param onShownAgain calls a function whenever this page comes out of the browser's store of pages.
 * @param begin loads the page anew; what it shows is hidden until then.
 */
export function createKeptPages(
  storage: Pick<Storage, 'getItem' | 'setItem'>,
  onShownAgain: (shown: () => void) => void,
  begin: () => void,
): KeptPages {
  const mark = storage.getItem(key)
  onShownAgain(() => {
    if (storage.getItem(key) !== mark) begin()
  })
  return {
    outdate() {
      try {
        storage.setItem(key, String(Number(storage.getItem(key)) + 1))
      } catch {
        // Where nothing can be kept he comes or leaves all the same.
      }
    },
  }
}
