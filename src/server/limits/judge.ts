/** Whether an operation may be executed, for what it costs and what its viewer has left; and how long it may then take. */
import type { ExecutionResult, GraphQLError, GraphQLSchema } from 'graphql'
import type { Viewer } from '#rights/viewer.ts'
import { type Asked, type Judgement, judgeCosts } from './operation-cost.ts'
import type { Policy } from './policy.ts'
import { rateLimited } from './rate-limited.ts'
import { type Allowance, countedKey, isUncounted } from './rates.ts'
import { timedOut } from './timed-out.ts'

export interface Judge {
  of(asked: Asked): Judgement
  /** Undefined where it may be executed: then its cost was taken. */
  refusalOf(
    judgement: Judgement,
    allowance: Pick<Allowance, 'takeCost'> | undefined,
  ): ExecutionResult | undefined
  /** The result, or what is said where it does not come in time; with what it cost. */
  reported<Result extends object>(
    result: PromiseOrValue<Result>,
    judgement: Judgement,
  ): PromiseOrValue<Result | ExecutionResult>
  /** A subscription that may begin, as what is called when it has ended; or why it may not. */
  beginning(asked: Asked, viewer: Viewer): GraphQLError | (() => void)
}

type PromiseOrValue<Value> = Value | Promise<Value>

/** Seconds: when another has ended, nobody knows. */
const subscriptionRetryAfter = 5

export function openJudge(schema: GraphQLSchema, policy: Policy): Judge {
  const { limits, rates, deadline, subscriptions } = policy
  const costs = judgeCosts(schema, limits.cost)

  function refusalOf(
    { refusal, cost, extensions }: Judgement,
    allowance: Pick<Allowance, 'takeCost'> | undefined,
  ): ExecutionResult | undefined {
    if (refusal !== undefined) return { errors: [refusal], extensions }
    const retryAfter = allowance?.takeCost(cost)
    return retryAfter === undefined ? undefined : { errors: [rateLimited(retryAfter)], extensions }
  }

  return {
    of: costs.of,
    refusalOf,
    reported<Result extends object>(result: PromiseOrValue<Result>, { extensions }: Judgement) {
      if (!(result instanceof Promise)) return { ...result, extensions }
      return deadline.within<Result, Result | ExecutionResult>(
        result,
        (settled) => ({ ...settled, extensions }),
        () => ({ errors: [timedOut()], extensions }),
      )
    },
    beginning(asked, viewer) {
      const [refusal] = refusalOf(costs.of(asked), rates.of(viewer))?.errors ?? []
      if (refusal !== undefined) return refusal
      if (isUncounted(viewer)) return () => undefined
      return (
        subscriptions.enter(countedKey(viewer)) ??
        rateLimited(
          subscriptionRetryAfter,
          `At most ${limits.subscriptions} subscriptions go on at the same time. End one, then begin this one.`,
        )
      )
    },
  }
}
