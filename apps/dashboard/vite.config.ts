import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** In one file and in this order, so that zod knows the content policy before the first schema is made. */
const contract = { name: 'contract', test: /strict-policy\.ts|packages[\\/]contract|node_modules[\\/]zod/ };

export default defineConfig({
  plugins: [react(), tailwindcss()],
  // The server puts a fresh nonce here in every page it sends; see main.tsx.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    sourcemap: false,
    rolldownOptions: { output: { codeSplitting: { groups: [contract] } } },
  },
  server: {
    proxy: { '/api': { target: 'http://127.0.0.1:4000', changeOrigin: false } },
  },
});
