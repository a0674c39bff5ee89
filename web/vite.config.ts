/**
 * How the web app is built: from `web/` into `web/dist`, which the product's server serves at `/`.
 *
 * In development Vite serves the page and hands what belongs to the server on to it, so that the page always
 * speaks to its own origin, as it does in production.
 */
import react from '@vitejs/plugin-react'
import { defineConfig, loadEnv } from 'vite'

export default defineConfig(({ mode }) => {
  const environment = loadEnv(mode, import.meta.dirname, ['PORT'])
  const product = `http://127.0.0.1:${environment['PORT'] ?? '4000'}`
  return {
    root: import.meta.dirname,
    plugins: [react()],
    build: {
      outDir: 'dist',
      emptyOutDir: true,
      target: 'es2022',
      sourcemap: true,
      // The content security policy allows no data: scripts or styles, and a small asset inlined is one request
      // saved for a rule broken.
      assetsInlineLimit: 0,
      // The map libraries are big, and loaded only once the page stands.
      chunkSizeWarningLimit: 1_200,
    },
    worker: { format: 'es' },
    server: {
      proxy: {
        '/graphql': { target: product, ws: true },
        '/config.json': { target: product },
      },
    },
  }
})
