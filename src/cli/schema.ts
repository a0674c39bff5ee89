/** Prints the GraphQL schema: `npm run schema` writes it to schema.graphql, which a test guards. */
import { lexicographicSortSchema, printSchema } from 'graphql'
import { schema } from '#api/schema.ts'

console.log(printSchema(lexicographicSortSchema(schema)))
