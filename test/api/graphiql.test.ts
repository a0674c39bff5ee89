/** GraphiQL's examples: each fits the schema, and can be run in the order in which they stand. */
import { randomUUID } from 'node:crypto'
import { getOperationAST, parse, print, separateOperations, validate } from 'graphql'
import { describe, expect, test } from 'vitest'
import { schema } from '#api/schema.ts'
import { examplesOf } from '#server/graphiql/examples.ts'
import { graphiqlOf } from '#server/graphiql/graphiql.ts'
import { eventually } from '../support/eventually.ts'
import type { Answer } from './client.ts'
import { serve } from './serve.ts'

const examples = examplesOf({ now: Date.now, newId: randomUUID })
const operations = examples.flatMap((document) =>
  Object.entries(separateOperations(parse(document))).map(([name, operation]) => ({ name, operation })),
)

test.each(operations)('$name fits the schema, and needs no variables', ({ operation }) => {
  expect(validate(schema, operation)).toEqual([])
  expect(getOperationAST(operation)?.variableDefinitions).toEqual([])
})

test('there is a tab for each of those who use the API, called by its first operation', () => {
  const means = { now: Date.now, newId: randomUUID, introspection: true }
  const { defaultTabs = [] } = graphiqlOf('http://127.0.0.1/graphql', means)
  const first = defaultTabs.map(({ query }) => /^\w+ (\w+)/m.exec(query)?.[1])
  expect(first).toEqual(['Rider', 'Dashboard', 'Integrator', 'Administrator'])
  for (const { query } of defaultTabs) expect(query).toContain('/docs')
  expect(graphiqlOf('http://127.0.0.1/graphql?query=%7Bviewer%7Bname%7D%7D', means)).not.toHaveProperty(
    'defaultTabs',
  )
})

describe('run in the order in which they stand', () => {
  const served = serve()

  test('they are all answered, and without an error', async () => {
    const { client } = served
    const answers: Record<string, Answer> = {}
    for (const { name, operation } of operations) {
      const query = print(operation)
      const ask = async () => (answers[name] = await client.ask(query))
      if (getOperationAST(operation)?.operation === 'subscription') {
        const feed = client.subscribe(query)
        answers[name] = (await feed.next()).value
        await feed.return?.()
      } else if (name === 'RiderLooksBack') {
        await eventually('FINISHED', async () => (await ask()).data?.['ride']?.['status'] === 'FINISHED')
      } else await ask()
      expect({ name, ...answers[name] }).not.toHaveProperty('errors')
      expect(JSON.stringify(answers[name])).not.toContain('"code"')
    }
    expect(Object.keys(answers)).toHaveLength(operations.length)
    expect(answers['RiderLooksBack']?.data?.['ride']?.['route']).not.toBeNull()
    expect(answers['DashboardFollows']?.data?.['rideFeed']).toMatchObject({ type: 'STARTED' })
    expect(answers['DashboardLists']?.data?.['rides']).toMatchObject({ totalCount: 1 })
    expect(answers['Integrator']?.data?.['rideChanges']?.['changes']).toHaveLength(1)
    expect(answers['AdministratorReadsRide']?.data?.['logStream']).toMatchObject({ status: 'FINISHED' })
  })
})
