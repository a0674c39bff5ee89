import { describe, expect, it } from 'vitest'
import { parseCamera, printCamera, validateSearch } from '../../../web/app/search.ts'

describe('the address', () => {
  it('keeps where the map looks', () => {
    const camera = { latitude: 46.61, longitude: 7.24, zoom: 9.5 }
    expect(parseCamera(printCamera(camera))).toEqual({ latitude: 46.61, longitude: 7.24, zoom: 9.5 })
  })

  it('brings a map that was dragged round the world back to this side of it', () => {
    expect(printCamera({ latitude: 0, longitude: 367.25, zoom: 9 })).toBe('0.000,7.250,9.00')
  })

  it.each(['', '1,2', 'a,b,c', '91,0,3', '0,181,3', '0,0,-1', '0,0,NaN', '1,2,3,4'])(
    'passes over a camera that it cannot read: %j',
    (map) => {
      expect(validateSearch({ map })).toEqual({})
    },
  )

  it('says only that the map does not follow', () => {
    expect(validateSearch({ follow: false })).toEqual({ follow: false })
    expect(validateSearch({ follow: 'yes', other: 1 })).toEqual({})
  })
})
