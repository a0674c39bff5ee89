/** How the web app is built: from `web/` into `web/dist`, which the product's server serves at `/`. */
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { compression } from 'vite-plugin-compression2'
import { precache } from './offline/precache-plugin.ts'

export default defineConfig({
  root: import.meta.dirname,
  // The server sends what was compressed here, once and well.
  plugins: [
    react(),
    precache(),
    compression({ algorithms: ['gzip'], threshold: 1_024, exclude: /^(index\.html|sw\.js)$/ }),
  ],
  build: {
    outDir: 'dist',
    rolldownOptions: {
      input: {
        index: join(import.meta.dirname, 'index.html'),
        sw: join(import.meta.dirname, 'offline/sw.ts'),
      },
      // A service worker keeps its address, or browsers hold on to the old one for ever.
      output: { entryFileNames: ({ name }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js') },
    },
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
