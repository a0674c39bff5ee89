/** What of a ride's title and description is written: a title that is sent stays, though the ride was called by its time of day. */
export interface Written {
  readonly title: string
  readonly description: string | null
}

/** Only what was changed; null takes it away. */
export function editedFields(
  seen: Written,
  title: string,
  description: string,
): { title?: string | null; description?: string | null } {
  return {
    ...(title !== seen.title && { title: title === '' ? null : title }),
    ...(description !== (seen.description ?? '') && { description: description === '' ? null : description }),
  }
}
