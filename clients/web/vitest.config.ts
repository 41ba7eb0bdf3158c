import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/{sync,protocol,store,engine,app,ui}/**/*.test.ts', 'src/**/*.test.{ts,tsx}'],
    testTimeout: 60_000,
  },
});
