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
      manifest: {
        id: '/',
        name: 'Enishi 縁',
        short_name: 'Enishi',
        description: '知り合いどうしのための、静かなメッセンジャー。 A messenger for people who know each other.',
        start_url: '/',
        scope: '/',
        display: 'standalone',
        background_color: '#ecede8',
        theme_color: '#ecede8',
        icons: [
          { src: '/icons/icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: '/icons/icon-512.png', sizes: '512x512', type: 'image/png' },
          { src: '/icons/maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
        ],
      },
      injectManifest: { globPatterns: ['**/*.{js,css,html,woff2}', 'icons/*.svg'] },
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
