/** Whether the recorder has something to do when the app is opened: it is fetched then, and else when somebody goes to its page. */
const flag = 'slipstream.recording'

export function hasRecordings(storage: Storage): boolean {
  return storage.getItem(flag) !== null
}

export function setHasRecordings(storage: Storage, has: boolean): void {
  if (has) storage.setItem(flag, 'yes')
  else storage.removeItem(flag)
}
