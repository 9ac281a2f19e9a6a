import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const BACKEND = 'http://127.0.0.1:4000';

export default defineConfig({
  plugins: [react(), tailwindcss()],
  // The server puts a fresh nonce here in every page it sends; see main.tsx.
  html: { cspNonce: '__CSP_NONCE__' },
  build: { assetsInlineLimit: 0, chunkSizeWarningLimit: 700, sourcemap: false },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/api': {
        target: BACKEND,
        // The server accepts only its own pages; in development this one stands for them.
        headers: { host: new URL(BACKEND).host, origin: BACKEND },
      },
    },
  },
});
