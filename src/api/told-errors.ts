/** Errors that are answers, as mutations have them. The schema is one for the whole process, and so is whoever counts them. */

let hear: (code: string) => void = () => undefined

export function onErrorTold(heard: (code: string) => void): void {
  hear = heard
}

/** Called by the schema for each error that it makes an answer of. */
export function errorTold(error: Error): void {
  if ('code' in error && typeof error.code === 'string') hear(error.code)
}
