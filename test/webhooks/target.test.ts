import { expect, test } from 'vitest'
import { faultOfUrl } from '#webhooks/target.ts'

test.each([
  ['https://example.com/hook?token=1', undefined],
  ['https://example.com:8443/', undefined],
  ['https://example.com:80/', undefined],
  ['https://[2606:4700:4700::1111]/', undefined],
  ['http://example.com/', 'not https'],
  ['ftp://example.com/', 'not https'],
  ['file:///etc/passwd', 'not https'],
  ['example.com', 'no url'],
  ['https://', 'no url'],
  ['https://user@example.com/', 'credentials'],
  ['https://:secret@example.com/', 'credentials'],
  ['https://example.com:22/', 'port'],
  ['https://example.com:1023/', 'port'],
  ['https://localhost/', 'private'],
  ['https://LOCALHOST./', 'private'],
  ['https://app.localhost/', 'private'],
  ['https://127.0.0.1/', 'private'],
  ['https://2130706433/', 'private'],
  ['https://0x7f.1/', 'private'],
  ['https://0177.0.0.1/', 'private'],
  ['https://[::1]/', 'private'],
  ['https://[::ffff:169.254.169.254]/', 'private'],
  ['https://[64:ff9b::10.0.0.1]/', 'private'],
  [`https://example.com/${'a'.repeat(2_000)}`, 'too long'],
] as const)('%s: %s', (url, fault) => {
  expect(faultOfUrl(url, { allowPrivate: false })).toBe(fault)
})

test('where it is allowed, one may send to oneself, and without TLS', () => {
  expect(faultOfUrl('http://localhost:3000/hook', { allowPrivate: true })).toBeUndefined()
  expect(faultOfUrl('http://10.0.0.1/', { allowPrivate: true })).toBeUndefined()
  expect(faultOfUrl('http://me:pw@10.0.0.1/', { allowPrivate: true })).toBe('credentials')
  expect(faultOfUrl('http://10.0.0.1:22/', { allowPrivate: true })).toBe('port')
})
