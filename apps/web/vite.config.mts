import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';
import base from '../../tsconfig.base.json' with { type: 'json' };
import { packagesIn } from '../../tools/build/packages.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '../..');

/** Import names of the workspace's libraries; `tsconfig.base.json` is their only list. */
const alias = Object.entries(base.compilerOptions.paths).map(([name, [file]]) => ({
  find: new RegExp(`^${name}$`),
  replacement: path.join(root, file ?? ''),
}));

/** Writes `.br` and `.gz` beside every text file, so that the server compresses nothing while it serves. */
const precompress = (folder: string): Plugin => ({
  name: 'kinora-precompress',
  apply: 'build',
  async closeBundle() {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const texts = entries
      .filter((entry) => entry.isFile() && /\.(js|css|html|svg)$/.test(entry.name))
      .map((entry) => path.join(entry.parentPath, entry.name));
    for (const file of texts) {
      const content = await readFile(file);
      if (content.length < 1024) continue;
      await writeFile(`${file}.br`, await promisify(brotliCompress)(content));
      await writeFile(`${file}.gz`, await promisify(gzip)(content, { level: 9 }));
    }
  },
});

/** Writes which npm packages the page has parts of, for the SBOM of its image. */
const listPackages = (file: string): Plugin => ({
  name: 'kinora-list-packages',
  apply: 'build',
  async generateBundle(_options, bundle) {
    const chunks = Object.values(bundle).filter((one) => one.type === 'chunk');
    const modules = chunks.flatMap((chunk) => Object.keys(chunk.modules));
    await writeFile(file, JSON.stringify(packagesIn(modules), undefined, 1));
  },
});

const outDir = path.join(root, 'dist/apps/web/public');

export default defineConfig({
  root: here,
  plugins: [react(), tailwind(), precompress(outDir), listPackages(path.join(outDir, '../page-packages.json'))],
  resolve: { alias },
  server: { host: '127.0.0.1', proxy: { '/v1': process.env.KINORA_PUBLIC_URL ?? 'http://127.0.0.1:8080' } },
  build: {
    outDir,
    emptyOutDir: true,
    target: 'es2022',
    sourcemap: true,
    // The page allows no inline code; small pictures stay files too.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
});
