/** Prints the GraphQL schema, or writes it to the file named: `npm run schema` keeps schema.graphql, a test guards it. */
import { writeFileSync } from 'node:fs'
import { lexicographicSortSchema, printSchema } from 'graphql'
import { schema } from '#api/schema.ts'

const printed = `${printSchema(lexicographicSortSchema(schema))}\n`
const [file] = process.argv.slice(2)
if (file === undefined) process.stdout.write(printed)
else writeFileSync(file, printed)
