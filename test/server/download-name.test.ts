import { expect, test } from 'vitest'
import { contentDisposition, dayOf } from '#server/download-name.ts'

test.each([
  ['plain', 'Morning ride', 'Morning ride', 'Morning%20ride'],
  ['with marks and signs', 'Über/Öl: "50 %"\\', 'Uber-Ol- -50 _--', '%C3%9Cber-%C3%96l-%20-50%20%25--'],
  ['that is a path', '../../etc/passwd', '-..-etc-passwd', '-..-etc-passwd'],
  ['without Latin letters', '日本', 'ride', '%E6%97%A5%E6%9C%AC'],
  [
    'with a header of its own',
    "a\r\nset-cookie: b=c\u202e'()*\ud800",
    "a set-cookie- b=c '()-_",
    'a%20set-cookie-%20b%3Dc%20%27%28%29-%EF%BF%BD',
  ],
  ['of dots and blanks', ' . ', 'ride', 'ride'],
  ['of 200 characters', '\u{1f6b2}'.repeat(200), 'ride', '%F0%9F%9A%B2'.repeat(50)],
])('a title %s makes, behind the day, a name that any system can save', (_, title, plain, encoded) => {
  expect(contentDisposition('2026-11-21', title, 'gpx')).toBe(
    `attachment; filename="2026-11-21 ${plain}.gpx"; filename*=UTF-8''2026-11-21%20${encoded}.gpx`,
  )
})

test.each([
  ['Pacific/Auckland', '2026-01-01'],
  ['America/Los_Angeles', '2025-12-31'],
  [null, '2025-12-31'],
  ['Mars/Olympus_Mons', '2025-12-31'],
])('in the time zone %s a ride at 22:30 UTC is of %s', (timeZone, day) => {
  expect(dayOf(new Date('2025-12-31T22:30:00Z'), timeZone)).toBe(day)
})
