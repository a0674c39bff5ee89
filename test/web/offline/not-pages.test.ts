import { expect, test } from 'vitest'
import { notPages } from '../../../web/offline/not-pages.ts'

const isPage = (address: string) => !notPages.some((each) => each.test(address))

test.each(['/', '/docsworth', '/history?text=st.moritz', '/rides/4f0c', '/rides/4f0c?at=1.5&by=a.b'])(
  '%s is a page',
  (address) => {
    expect(isPage(address)).toBe(true)
  },
)

test.each([
  '/rides/4f0c.gpx',
  '/rides/4f0c.gpx?share=a',
  '/graphql',
  '/docs',
  '/docs/',
  '/config.json',
  '/rides/import?name=a',
])("%s is the server's to answer", (address) => {
  expect(isPage(address)).toBe(false)
})
