import type { Plugin } from 'esbuild';

export const requireBuiltins: Plugin;
