import { expect, test } from 'vitest'
import { roadOf } from '#server/road.ts'

test("a road is told without what is somebody's own in the address", () => {
  const id = '6f1c2a34-5b6d-4e7f-8a90-b1c2d3e4f506'
  expect(roadOf('/graphql?query=secret')).toBe('/graphql')
  expect(roadOf(`/rides/${id}.GPX?share=secret`)).toBe('/rides/{id}.gpx')
  expect(roadOf(`/rides/${id}`)).toBe('a page')
  expect(roadOf('/rides/import')).toBe('/rides/import')
  expect(roadOf('/api/auth/callback/oidc?code=secret')).toBe('/api/auth/callback/oidc')
  expect(roadOf('/assets/index-secret.js')).toBe('/assets/')
  expect(roadOf(`/rides/${id}/secret.gpx`)).toBe('a page')
})
