/** The product as an API and a worker. */
import { type Product, startProduct } from '../support/product.ts'

export interface Both extends AsyncDisposable {
  readonly api: Product
  readonly worker: Product
}

export async function startBoth(env: Readonly<Record<string, string>>): Promise<Both> {
  await using starting = new AsyncDisposableStack()
  const start = async (role: 'api' | 'worker') => starting.use(await startProduct({ role, env }))
  const [api, worker] = await Promise.all([start('api'), start('worker')])
  const running = starting.move()
  return { api, worker, [Symbol.asyncDispose]: () => running.disposeAsync() }
}
