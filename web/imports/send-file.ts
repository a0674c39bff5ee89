/** Sends a file, and says how much of it has gone: `fetch` does not. */
import { type ImportAnswer, importAnswer } from './import-answer.ts'

export function sendFile(file: File, progressed: (bytes: number) => void): Promise<ImportAnswer> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest()
    request.upload.addEventListener('progress', ({ loaded }) => progressed(loaded))
    request.addEventListener('loadend', () => resolve(importAnswer(request.status, request.responseText)))
    request.open('POST', '/rides/import')
    // What it is, is seen in it.
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.send(file)
  })
}
