import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';

export interface SiteFile {
  readonly file: string;
  readonly type: string;
  readonly size: number;
  readonly etag: string;
  /** Its name changes with its content. */
  readonly immutable: boolean;
  /** Precompressed copies, by content coding. */
  readonly coded: Readonly<Partial<Record<'br' | 'gzip', { file: string; size: number }>>>;
}

export interface Site {
  /** By URL path. What is not listed here can't be asked for, so no path can leave the folder. */
  readonly files: ReadonlyMap<string, SiteFile>;
  readonly page: SiteFile;
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.map': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};
const HASHED = /^\/assets\/.+-[\w-]{8}\.\w+(\.map)?$/;

/** Reads what the build has written, once. Rejects when there is no page. */
export async function indexSite(root: string): Promise<Site> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const sizes = new Map<string, number>();
  const files = new Map<string, SiteFile>();
  for (const file of names.sort((a, b) => b.length - a.length)) {
    // Longer names first, so that `x.js.br` is known when `x.js` comes.
    const content = await readFile(file);
    sizes.set(file, content.length);
    const type = TYPES[path.extname(file)];
    if (!type) continue;
    const url = `/${path.relative(root, file).split(path.sep).join('/')}`;
    const copy = (ending: string) =>
      sizes.has(file + ending) ? { file: file + ending, size: sizes.get(file + ending) ?? 0 } : undefined;
    const [br, gzip] = [copy('.br'), copy('.gz')];
    files.set(url, {
      file,
      type,
      size: content.length,
      etag: `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`,
      immutable: HASHED.test(url),
      coded: { ...(br && { br }), ...(gzip && { gzip }) },
    });
  }
  const page = files.get('/index.html');
  if (!page) throw new Error(`there is no built page in ${root}`);
  return { files, page };
}

/**
 * The site as it is on disk now: read once, and again when the page was built anew while the server runs, which happens on
 * a developer's machine. A build that is half done leaves the last whole one in place.
 */
export async function followSite(root: string): Promise<() => Promise<Site>> {
  let site = await indexSite(root);
  const builtAt = () => stat(site.page.file).then(({ mtimeMs }) => mtimeMs);
  let seen = await builtAt();
  return async () => {
    const now = await builtAt().catch(() => seen);
    if (now === seen) return site;
    site = await indexSite(root).catch(() => site);
    seen = now;
    return site;
  };
}
