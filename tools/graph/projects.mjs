import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const SKIPPED = new Set(['node_modules', 'dist', '.nx', '.git', '.data']);

/** All Nx projects below a workspace root: what their project.json says, and where they are. */
export function readProjects(root) {
  const projects = [];
  const visit = (folder) => {
    const file = path.join(folder, 'project.json');
    if (existsSync(file)) {
      const { name, tags = [] } = JSON.parse(readFileSync(file, 'utf8'));
      projects.push({ name, tags, folder });
    }
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) visit(path.join(folder, entry.name));
    }
  };
  visit(root);
  return projects.sort((a, b) => a.name.localeCompare(b.name));
}

/** Every source file of a project; a project inside it has its own. */
export function* sourcesOf(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!SKIPPED.has(entry.name) && entry.name !== 'fixtures' && !existsSync(path.join(file, 'project.json')))
        yield* sourcesOf(file);
    } else if (/\.[cm]?[jt]sx?$/.test(entry.name)) yield file;
  }
}
