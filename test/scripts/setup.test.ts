import { describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { clone, installs } from './clone.ts'

describe('what is missing', () => {
  test('is installed and built once, and then nothing is said', async () => {
    await using project = await clone()
    expect(await project.setup('--web').ended()).toBe(0)
    const second = project.setup('--web')
    expect(await second.ended()).toBe(0)
    expect(second.output()).toBe('')
    const calls = await project.calls()
    expect(calls.map((call) => call.split(' ').slice(0, 2).join(' '))).toEqual(['npm ci', 'vite build'])
  })

  test('is installed once by two starts at the same time', async () => {
    await using project = await clone()
    const starts = [project.setup(), project.setup()]
    expect(await Promise.all(starts.map((start) => start.ended()))).toEqual([0, 0])
    expect(await project.calls()).toHaveLength(1)
  })

  test('is installed by the next start when one was ended at it, and its npm with it', async () => {
    await using project = await clone({
      npm: `
        if (fs.existsSync('second')) {${installs}}
        else {
          process.on('SIGTERM', () => { fs.writeFileSync('npm-ended', 'asked to end'); process.exit(1) })
          setInterval(() => {}, 1000)
          fs.writeFileSync('npm-up', 'yes')
        }`,
    })
    const first = project.setup()
    await eventually('npm to run', () => project.read('npm-up'))
    first.process.kill('SIGTERM')
    await first.ended()
    expect(first.process.signalCode).toBe('SIGTERM')
    expect(await eventually('npm to end', () => project.read('npm-ended'))).toBe('asked to end')
    await project.write('second', '')
    expect(await project.setup().ended()).toBe(0)
    expect(await project.calls()).toHaveLength(2)
  })

  test('is installed again when the lock file is newer', async () => {
    await using project = await clone()
    await project.setup().ended()
    await project.touch('package-lock.json')
    await project.setup().ended()
    expect(await project.calls()).toHaveLength(2)
  })

  test('is built again when a source of the page is newer', async () => {
    await using project = await clone()
    await project.write('web/map/rider.ts', '')
    await project.setup('--web').ended()
    await project.touch('web/map/rider.ts')
    await project.setup('--web').ended()
    expect((await project.calls()).filter((call) => call.startsWith('vite'))).toHaveLength(2)
  })

  test('is installed with the tools of development, whatever the machine leaves out', async () => {
    await using project = await clone()
    await project.setup().ended()
    expect(await project.calls()).toEqual([expect.stringMatching(/--include=dev --include=optional/)])
  })
})

describe('an installation that fails', () => {
  test('says what to do, and starts nothing', async () => {
    await using project = await clone({
      npm: `console.error('npm error code ENOTFOUND'); process.exitCode = 1`,
    })
    await project.write('main.mjs', `console.log('started')`)
    const setup = project.setup('--', 'main.mjs')
    expect(await setup.ended()).toBe(1)
    expect(setup.output()).toMatch(/npm error code ENOTFOUND.*The npm registry cannot be reached/s)
    expect(setup.output()).not.toContain('started')
  })

  test('that was broken off half-way counts as none', async () => {
    await using project = await clone({
      npm: `fs.mkdirSync('node_modules/vite', { recursive: true }); process.exit(1)`,
    })
    await project.setup().ended()
    await project.setup().ended()
    expect(await project.calls()).toHaveLength(2)
  })
})

describe('the command', () => {
  test('has its arguments as they were, and its exit code is the answer', async () => {
    await using project = await clone()
    await project.write(
      'main.mjs',
      `console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 7`,
    )
    const setup = project.setup('--', 'main.mjs', 'a ride.fit', '--speed', 'max', '--', '--web')
    expect(await setup.ended()).toBe(7)
    expect(setup.output()).toContain('["a ride.fit","--speed","max","--","--web"]')
  })

  const counting = `
    let interrupts = 0
    process.on('SIGINT', () => console.log('interrupt', ++interrupts))
    process.on('SIGTERM', () => process.exit(0))
    setInterval(() => {}, 1000)
    console.log('up')`

  test('gets one Ctrl-C once, however often it is handed on to the setup', async () => {
    await using project = await clone()
    await project.write('main.mjs', counting)
    const setup = project.setup('--', 'main.mjs')
    await eventually('the command to be up', () => setup.output().includes('up'))
    setup.process.kill('SIGINT')
    await eventually('the first interrupt', () => setup.output().includes('interrupt 1'))
    setup.process.kill('SIGINT')
    setup.process.kill('SIGTERM')
    expect(await setup.ended()).toBe(0)
    expect(setup.output()).not.toContain('interrupt 2')
  })

  test('gets the second Ctrl-C of somebody who means it', async () => {
    await using project = await clone()
    await project.write('main.mjs', counting)
    const setup = project.setup('--', 'main.mjs')
    await eventually('the command to be up', () => setup.output().includes('up'))
    await eventually(
      'the second interrupt',
      () => {
        setup.process.kill('SIGINT')
        return setup.output().includes('interrupt 2')
      },
      { everyMs: 500 },
    )
  })

  test('ends with the setup when that is killed', async () => {
    await using project = await clone()
    await project.write(
      'main.mjs',
      `import { writeFileSync } from 'node:fs'
       process.on('SIGTERM', () => { writeFileSync('ended', 'asked to end'); process.exit() })
       setInterval(() => {}, 1000)
       console.log('up')`,
    )
    const setup = project.setup('--', 'main.mjs')
    await eventually('the command to be up', () => setup.output().includes('up'))
    setup.process.kill('SIGKILL')
    expect(await eventually('the command to end', () => project.read('ended'))).toBe('asked to end')
  })
})
