import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

// Where `gantry serve` answers while `npm run dev` serves the sources.
const server = process.env.GANTRY_SERVER ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '~': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { proxy: { '/api': { target: server, changeOrigin: true } } },
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    target: 'es2023',
    // Browsers that know light-dark(), so that both schemes are one sheet.
    cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    // Everything lies in a file of its own: the console's policy allows no scripts and styles within the page.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    chunkSizeWarningLimit: 2000,
    // What most pages share lies in one file, rather than in forty small ones; what fewer share would make it heavy.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'common', minShareCount: 22 }] } } },
  },
  worker: { format: 'es' },
  test: { include: ['src/**/*.test.ts'], environment: 'node', setupFiles: ['test/seed-of-laws.ts'] },
})
