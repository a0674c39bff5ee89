import { describe, expect, it } from 'vitest'
import {
  formatCount,
  formatDistance,
  formatDuration,
  formatElevation,
  formatSpeed,
} from '../../../web/rides/format.ts'

describe('a distance', () => {
  it.each([
    [0, '0.00'],
    [840, '0.84'],
    [9_994, '9.99'],
    [9_996, '10.0'],
    [92_622, '92.6'],
    [999_960, '1,000'],
    [1_234_567, '1,235'],
  ])('of %d m reads %s km', (metres, value) => {
    expect(formatDistance(metres, 'metric')).toEqual({ value, unit: 'km' })
  })

  it.each([
    [0, '0.00'],
    [1_609.344, '1.00'],
    [160_934.4, '100.0'],
  ])('of %d m reads %s mi where miles are wanted', (metres, value) => {
    expect(formatDistance(metres, 'imperial')).toEqual({ value, unit: 'mi' })
  })

  it('below nothing reads as nothing', () => {
    expect(formatDistance(-3, 'metric').value).toBe('0.00')
  })
})

describe('a duration', () => {
  it.each([
    [0, '0:00'],
    [59.4, '0:59'],
    [59.6, '1:00'],
    [3_599, '59:59'],
    [3_600, '1:00:00'],
    [10_641, '2:57:21'],
    [90_061, '25:01:01'],
  ])('of %d s reads %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text)
  })
})

it('a speed reads in kilometres an hour', () => {
  expect(formatSpeed(10, 'metric')).toEqual({ value: '36.0', unit: 'km/h' })
})

it('a small loss of elevation reads 0, without a sign', () => {
  expect(formatElevation(-0.3, 'metric')).toEqual({ value: '0', unit: 'm' })
})

it.each([null, undefined, Number.NaN, Number.POSITIVE_INFINITY])('%s is shown as a dash', (missing) => {
  expect(formatDistance(missing, 'metric').value).toBe('–')
  expect(formatSpeed(missing, 'metric').value).toBe('–')
  expect(formatElevation(missing, 'metric').value).toBe('–')
  expect(formatDuration(missing)).toBe('–')
})

it('a count that is a lower bound says so', () => {
  expect(formatCount(10_000, false)).toBe('10,000+')
  expect(formatCount(1_234, true)).toBe('1,234')
})

it('speeds and heights are in miles an hour and feet where these are wanted', () => {
  expect(formatSpeed(10, 'imperial')).toEqual({ value: '22.4', unit: 'mph' })
  expect(formatElevation(1_000, 'imperial')).toEqual({ value: '3,281', unit: 'ft' })
})
