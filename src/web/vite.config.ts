import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const here = import.meta.dirname

export default defineConfig({
  root: here,
  base: '/',
  publicDir: false,
  plugins: [react()],
  build: {
    target: 'es2022',
    assetsDir: 'assets',
    // The pages run under a policy without inline scripts and styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: { chat: `${here}/chat/index.html` } },
  },
})
