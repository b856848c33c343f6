// Bundles the viewer-request function of CloudFront: `node tools/build/cloudfront.mjs` writes dist/cloudfront/viewer-request.js.
import { build } from 'esbuild';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
/** CloudFront's own limit on a function. */
const LIMIT = 10 * 1024;

/**
 * The bundle's text. Names and statements stay as written: minified syntax moves `await` into arguments, which that
 * runtime doesn't take. Whatever ECMAScript 5 lacks, and is not named here, is rewritten or refused.
 */
export async function bundleFunction() {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['libs/delivery/src/cloudfront/function/handler.ts'],
    tsconfig: 'tsconfig.base.json',
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    external: ['cloudfront', 'crypto'],
    target: 'es5',
    supported: { 'const-and-let': true, arrow: true, 'template-literal': true, 'async-await': true },
    minifyWhitespace: true,
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'silent',
  });
  const [{ text }] = outputFiles;
  // A function is found by its name; CloudFront knows no exports.
  const code = text.replace(/export\s*\{\s*handler\s*\};?\s*$/, '');
  if (code === text || /\bexport\b/.test(code))
    throw new Error('the bundle should export the handler and nothing else');
  const bytes = Buffer.byteLength(code);
  if (bytes > LIMIT) throw new Error(`the function has ${bytes} bytes; CloudFront takes ${LIMIT}`);
  return code;
}

if (process.argv[1] === import.meta.filename) {
  const folder = path.join(root, 'dist/cloudfront');
  const code = await bundleFunction();
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'viewer-request.js'), code);
  console.log(`dist/cloudfront/viewer-request.js: ${Buffer.byteLength(code)} bytes`);
}
