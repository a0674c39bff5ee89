/** Running numbers of a ride. */
import type { RideProgress } from '#ride/events.ts'
import { builder } from './builder.ts'
import { metres, metresPerSecond, orNull, seconds } from './rounding.ts'

export const RideProgressObject = builder.objectRef<RideProgress>('RideProgress').implement({
  description:
    'Running numbers: metres, seconds, metres per second. Once the ride is FINISHED they are those of its statistics.',
  fields: (t) => ({
    distance: t.float({ description: 'Metres ridden.', resolve: ({ distance }) => metres(distance) }),
    movingTime: t.float({
      description: 'Seconds, without pauses and stops.',
      resolve: ({ movingTime }) => seconds(movingTime),
    }),
    timerTime: t.float({
      description: 'Seconds, without pauses.',
      resolve: ({ timerTime }) => seconds(timerTime),
    }),
    speed: t.float({
      nullable: true,
      description:
        'Metres per second at the newest place; null before the second one, and once the ride is paused or ended.',
      resolve: ({ speed }) => orNull(speed, metresPerSecond),
    }),
  }),
})
