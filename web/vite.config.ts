/** How the web app is built: from `web/` into `web/dist`, which the product's server serves at `/`. */
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { compression } from 'vite-plugin-compression2'

export default defineConfig({
  root: import.meta.dirname,
  // The server sends what was compressed here, once and well.
  plugins: [react(), compression({ algorithms: ['gzip'], threshold: 1_024 })],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // The content security policy allows no data: scripts or styles, and a small asset inlined is one request saved
    // for a rule broken.
    assetsInlineLimit: 0,
    // The map libraries are big, and loaded only once the page stands.
    chunkSizeWarningLimit: 1_200,
  },
  worker: { format: 'es' },
})
