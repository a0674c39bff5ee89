import { database } from './database.ts'
import { liveFeeds } from './live-feeds.ts'
import { overview } from './overview.ts'
import { projections } from './projections.ts'
import { writeRoad } from './write-road.ts'

export const dashboards = [overview, writeRoad, projections, liveFeeds, database] as const
