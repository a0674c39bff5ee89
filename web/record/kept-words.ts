/** What is on this phone alone, and what to do about it. */
import { counted } from './queue-words.ts'
import { positionsHeld, type Recording } from './recording.ts'

/** @param positionsFrom index of the first position that is still here. */
export function keptInWords(recording: Recording, positionsFrom: number): string {
  const held = positionsHeld(recording)
  const kept =
    positionsFrom === 0
      ? 'The whole recording is kept here.'
      : `What the server does not have is kept here. There was no room for the first ${counted(positionsFrom)}, which it has.`
  if (recording.status !== 'ENDED')
    return `${kept} Recording goes on. End the ride when you can: then you can import it as a separate ride, and your next ride is sent as usual.`
  const twice =
    recording.stopped === null || held === 0 || positionsFrom > 0
      ? ''
      : ` The server has the first ${counted(held)} as a ride of its own: delete that ride once the import is done.`
  return `${kept} Import it as a separate ride, now or from a file.${twice}`
}
