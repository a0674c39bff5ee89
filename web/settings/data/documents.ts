/** How much there is of who asks. */
import { graphql } from '../../graphql/graphql.ts'

export const ownTotalsQuery = graphql(`
  query OwnTotals {
    viewer { id totals(period: YEAR) { rides elapsedTime } }
  }
`)
