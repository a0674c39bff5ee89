/** A ride's splits. */
import type { Split } from '#ride/track/splits.ts'
import { builder } from './builder.ts'

export const SplitObject = builder.objectRef<Split>('Split').implement({
  description:
    'A kilometre, or mile, of the ride; the last one is what is left. Metres, seconds, metres per second.',
  fields: (t) => ({
    index: t.exposeInt('index', { description: 'Its number, 0 for the first.' }),
    distance: t.exposeFloat('distance', {
      description: 'Metres: a whole kilometre or mile, but for the last.',
    }),
    elapsedTime: t.exposeFloat('elapsedTime', {
      description: 'Seconds from boundary to boundary, pauses included.',
    }),
    movingTime: t.exposeFloat('movingTime', { description: 'Seconds, without pauses and stops.' }),
    averageSpeed: t.exposeFloat('averageSpeed', {
      description: 'Metres per second over moving time, as that of the whole ride.',
    }),
    elevationChange: t.exposeFloat('elevationChange', {
      nullable: true,
      description: 'Metres from boundary to boundary; null where no altitude was measured.',
    }),
  }),
})
