/** A file as it came over HTTP: as the body itself, or in a form. */

export type FormOutcome =
  | { readonly outcome: 'file'; readonly bytes: Uint8Array }
  | { readonly outcome: 'refused'; readonly reason: string }

/** The body itself, whatever its type, but for a form: of that, its one file. */
export async function fileInBody(bytes: Uint8Array, contentType: string): Promise<FormOutcome> {
  if (!/^multipart\/form-data\b/i.test(contentType)) return { outcome: 'file', bytes }
  let form: FormData
  try {
    form = await new Response(Buffer.from(bytes), { headers: { 'content-type': contentType } }).formData()
  } catch (error) {
    // So it says that it cannot read what was sent.
    if (!(error instanceof TypeError)) throw error
    return refused('The form is truncated or damaged. Send it again, or the file alone as the body.')
  }
  const files = [...form.values()].filter((value) => typeof value !== 'string')
  const [file] = files
  if (file === undefined) return refused('The form holds no file. Add the recording to it as a file.')
  if (files.length > 1) {
    return refused(`The form holds ${files.length} files. Send one recording at a time.`)
  }
  return { outcome: 'file', bytes: new Uint8Array(await file.arrayBuffer()) }
}

function refused(reason: string): FormOutcome {
  return { outcome: 'refused', reason }
}
