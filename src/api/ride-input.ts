/** What a client sends, checked: each function answers what the domain takes, or throws InvalidInputError. */

import { roundPosition } from '#ride/encoding.ts'
import type { RideChanges, Visibility } from '#ride/events.ts'
import type { Position } from '#ride/position.ts'
import { ranges } from '#ride/ranges.ts'
import { InvalidInputError } from './errors.ts'
import { isUuid } from './uuid.ts'

const mostPositions = 1000
const longestTitle = 200
const longestDescription = 10_000

export function uuidOf(text: string, field: string): string {
  if (!isUuid(text)) {
    const message = `'${field}' has to be a UUID, made by the client, such as 6f1c2a34-5b6d-4e7f-8a90-b1c2d3e4f506.`
    throw new InvalidInputError(message, [field])
  }
  return text.toLowerCase()
}

export function titleInput(title: string | null | undefined): string | null {
  return textInput(title, 'title', longestTitle)
}

export function changesOf(input: {
  readonly title?: string | null | undefined
  readonly description?: string | null | undefined
  readonly visibility?: Visibility | null | undefined
}): RideChanges {
  const { title, description, visibility } = input
  if (visibility === null)
    throw new InvalidInputError(
      'A ride always has a visibility: it cannot be cleared. Send one, or leave it out.',
      ['visibility'],
    )
  return {
    ...(title !== undefined && { title: titleInput(title) }),
    ...(description !== undefined && {
      description: textInput(description, 'description', longestDescription),
    }),
    ...(visibility !== undefined && { visibility }),
  }
}

/** Trimmed; null where nothing is left of it. */
export function textInput(text: string | null | undefined, field: string, longest: number): string | null {
  const trimmed = text?.trim() ?? ''
  if (trimmed.length > longest)
    throw new InvalidInputError(
      `'${field}' has at most ${longest} characters, and this has ${trimmed.length}. Shorten it.`,
      [field],
    )
  // Half of a character outside the basic plane: JSON can write it, PostgreSQL cannot read it.
  if (!trimmed.isWellFormed()) {
    throw new InvalidInputError(
      `'${field}' holds half a character (a lone surrogate). Cut text between characters.`,
      [field],
    )
  }
  // PostgreSQL keeps no NUL characters.
  if (trimmed.includes('\0'))
    throw new InvalidInputError(`'${field}' holds a NUL character. Leave it out.`, [field])
  return trimmed === '' ? null : trimmed
}

type PositionInput = { readonly at: number } & {
  readonly [field in Exclude<keyof Position, 'at'>]?: number | null | undefined
}

export function positionsOf(inputs: readonly PositionInput[]): Position[] {
  if (inputs.length < 1 || inputs.length > mostPositions) {
    const count = `An upload holds 1 to ${mostPositions} positions; this one holds ${inputs.length}.`
    const message = `${count} ${inputs.length === 0 ? 'Send it when there is one.' : 'Share them out among several.'}`
    throw new InvalidInputError(message, ['positions'])
  }
  return inputs.map(positionOf)
}

function positionOf(input: PositionInput, index: number): Position {
  const position = roundPosition({
    at: input.at,
    latitude: within(latitude, input.latitude, index),
    longitude: within(longitude, input.longitude, index),
    altitude: within(altitude, input.altitude, index),
    speed: within(speed, input.speed, index),
    heading: within(heading, input.heading, index),
    accuracy: within(accuracy, input.accuracy, index),
    heartRate: within(heartRate, input.heartRate, index),
    cadence: within(cadence, input.cadence, index),
    power: within(power, input.power, index),
    battery: within(battery, input.battery, index),
  })
  if ((position.latitude === undefined) !== (position.longitude === undefined)) {
    const missing = position.latitude === undefined ? 'latitude' : 'longitude'
    const message = 'Latitude and longitude come together, or neither where there was no fix.'
    throw new InvalidInputError(message, ['positions', String(index), missing])
  }
  return position
}

const [latitude, longitude, altitude, speed, heading, accuracy, heartRate, cadence, power, battery] = ranges

function within(
  [field, least, most, unit]: (typeof ranges)[number],
  value: number | null | undefined,
  index: number,
): number | undefined {
  if (value == null) return undefined
  if (value >= least && value <= most) return value
  const message = `'${field}' is ${least} to ${most} ${unit}. Leave out what was not measured.`
  throw new InvalidInputError(message, ['positions', String(index), field])
}
