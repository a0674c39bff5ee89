/** Sends a file, and says how much of it has gone: `fetch` does not. */
import { type ImportAnswer, importAnswer } from './import-answer.ts'

/** @param isSure it is imported although there is another ride at its time. */
export function sendFile(
  file: File,
  isSure: boolean,
  progressed: (bytes: number) => void,
): Promise<ImportAnswer> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest()
    request.upload.addEventListener('progress', ({ loaded }) => progressed(loaded))
    request.addEventListener('loadend', () => resolve(importAnswer(request.status, request.responseText)))
    request.open('POST', isSure ? '/rides/import' : '/rides/import?sameTime=ask')
    // What it is, is seen in it.
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.send(file)
  })
}
