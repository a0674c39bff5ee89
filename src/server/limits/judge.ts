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
  /** Undefined where it may be executed: then its cost was taken, and is under way until that is `reported`. */
  refusalOf(judgement: Judgement, allowance: Spent | undefined): ExecutionResult | undefined
  /** Executes it: the result, or what is said where it does not come in time; with what it cost. */
  reported<Result extends object>(
    execute: () => PromiseOrValue<Result>,
    judgement: Judgement,
    allowance: Spent | undefined,
  ): PromiseOrValue<Result | ExecutionResult>
  /** A subscription that may begin, as what is called when it has ended; or why it may not. */
  beginning(asked: Asked, viewer: Viewer): GraphQLError | (() => void)
}

type Spent = Pick<Allowance, 'takeCost' | 'enter' | 'leave'>

type PromiseOrValue<Value> = Value | Promise<Value>

const tooMuchAtOnce =
  'Too much is under way for you at the same time. Wait for an answer, then ask again; ask for shorter pages.'

/** Seconds: when another has ended, nobody knows. */
const subscriptionRetryAfter = 5

export function openJudge(schema: GraphQLSchema, policy: Policy): Judge {
  const { limits, rates, deadline, subscriptions } = policy
  const costs = judgeCosts(schema, limits.cost)

  function refusalOf(judgement: Judgement, allowance: Spent | undefined): ExecutionResult | undefined {
    const { refusal, cost, extensions } = judgement
    if (refusal !== undefined) return { errors: [refusal], extensions }
    if (allowance === undefined) return undefined
    if (!allowance.enter(cost)) return { errors: [rateLimited(1, tooMuchAtOnce)], extensions }
    const retryAfter = allowance.takeCost(cost)
    if (retryAfter === undefined) return undefined
    allowance.leave(cost)
    return { errors: [rateLimited(retryAfter)], extensions }
  }

  return {
    of: costs.of,
    refusalOf,
    reported<Result extends object>(
      execute: () => PromiseOrValue<Result>,
      { cost, extensions }: Judgement,
      allowance: Spent | undefined,
    ) {
      let result: PromiseOrValue<Result>
      try {
        result = execute()
      } catch (error) {
        allowance?.leave(cost)
        throw error
      }
      if (!(result instanceof Promise)) {
        allowance?.leave(cost)
        return { ...result, extensions }
      }
      return deadline.within<Result, Result | ExecutionResult>(
        result,
        (settled) => ({ ...settled, extensions }),
        () => ({ errors: [timedOut()], extensions }),
        () => allowance?.leave(cost),
      )
    },
    beginning(asked, viewer) {
      const judgement = costs.of(asked)
      const allowance = rates.of(viewer)
      const [refusal] = refusalOf(judgement, allowance)?.errors ?? []
      if (refusal !== undefined) return refusal
      allowance?.leave(judgement.cost)
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
