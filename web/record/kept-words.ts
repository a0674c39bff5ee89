/** What is on this phone alone, and what to do about it. */
import { counted } from './queue-words.ts'
import { positionsHeld, type Recording } from './recording.ts'

/** @param positionsFrom index of the first position that is still here. */
export function keptInWords(recording: Recording, positionsFrom: number): string {
  const held = positionsHeld(recording)
  const kept =
    positionsFrom === 0
      ? 'The whole recording is kept here.'
      : `What the server does not have is kept here: there was no room for the first ${counted(positionsFrom)}, which it has.`
  if (recording.status !== 'ENDED')
    return `${kept} It goes on. End the ride when you can: then you import it as a ride of its own, and what you ride next is sent.`
  const twice =
    recording.stopped === null || held === 0 || positionsFrom > 0
      ? ''
      : ` The server keeps the first ${counted(held)} as the ride that it knows: delete that one once the import is there.`
  return `${kept} Import it as a ride of its own, now or from a file.${twice}`
}
