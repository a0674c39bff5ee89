import { expect, test } from 'vitest'
import { editedFields } from '../../../web/ride/edited-fields.ts'

const seen = { title: 'Morning ride', description: null }

test('a title that was not changed is not sent, so that the ride goes on being called by its time of day', () => {
  expect(editedFields(seen, 'Morning ride', 'Rain')).toEqual({ description: 'Rain' })
  expect(editedFields({ ...seen, description: 'Rain' }, 'To the lake', 'Rain')).toEqual({
    title: 'To the lake',
  })
})

test('what was emptied is taken away', () => {
  expect(editedFields({ ...seen, description: 'Rain' }, '', '')).toEqual({ title: null, description: null })
})

test('where nothing was changed nothing is sent', () => {
  expect(editedFields(seen, 'Morning ride', '')).toEqual({})
})
