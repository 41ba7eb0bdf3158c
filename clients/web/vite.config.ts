import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';

export default defineConfig({
  plugins: [
    // No development hooks in what is shipped; the babel pass is not needed for anything else.
    preact({ devToolsEnabled: false, prefreshEnabled: false }),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src',
      filename: 'sw.ts',
      injectRegister: false, // src/app/worker.ts does it: no inline script (CSP)
      manifest: false, // public/manifest.webmanifest
      injectManifest: { globPatterns: ['**/*.{js,css,html,woff2,webmanifest}', '**/*.{svg,png}'] },
    }),
  ],
  build: {
    outDir: '../../build/web',
    emptyOutDir: true,
    target: 'es2022',
    // The daemon keeps what is below /assets/ for ever in the browser: names hold a hash of the content.
    assetsDir: 'assets',
    assetsInlineLimit: 0, // data: URLs are not in the CSP
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
  },
});
