import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { workspaceRoot } from '@kinora/testing';

/** The names of all Nx projects that have tests, as their project.json files say. */
export function testProjects(root = workspaceRoot): string[] {
  const found: string[] = [];
  const visit = (folder: string, depth: number) => {
    const file = path.join(folder, 'project.json');
    if (existsSync(file)) {
      const { name, targets } = JSON.parse(readFileSync(file, 'utf8')) as {
        name: string;
        targets?: Record<string, unknown>;
      };
      if (targets && 'test' in targets) found.push(name);
    }
    if (depth === 0) return;
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      if (entry.isDirectory() && entry.name !== 'node_modules') visit(path.join(folder, entry.name), depth - 1);
  };
  for (const folder of ['apps', 'libs', 'tools'])
    if (existsSync(path.join(root, folder))) visit(path.join(root, folder), 3);
  return found.sort();
}
