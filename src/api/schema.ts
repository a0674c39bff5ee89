/** The whole schema: every file that holds a type, then built once. */
import { builder } from './builder.ts'
import './scalars.ts'
import './enums.ts'
import './errors.ts'
import './position.ts'
import './rider.ts'
import './route.ts'
import './ride.ts'
import './rides.ts'
import './ride-commands.ts'
import './ride-feed.ts'
import './live-rides.ts'
import './projections.ts'
import './projection-commands.ts'
import './webhook.ts'
import './webhook-commands.ts'

export const schema = builder.toSchema()
