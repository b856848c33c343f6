import { workspaceRoot } from '@kinora/testing';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A test file against stand-ins for AWS, and the servers that it asks for. */
export interface Suite {
  readonly file: string;
  /** The folder of its Nx project. */
  readonly project: string;
  readonly needs: readonly string[];
}

/** Tests ask for a server as `backend('name')`, themselves or through what they import from their own `support`. */
export const neededBy = (source: string): string[] => [
  ...new Set([...source.matchAll(/\bbackend\('(\w+)'\)/g)].map(([, name]) => name ?? '')),
];

/** Folders of the workspace's projects, by their names in Nx. */
export function projectFolders(root = workspaceRoot): Map<string, string> {
  const files = globSync('{apps,libs,tools}/{*,*/*}/project.json', { cwd: root });
  const nameIn = (file: string) => (JSON.parse(readFileSync(path.join(root, file), 'utf8')) as { name: string }).name;
  return new Map(files.map((file) => [nameIn(file), path.dirname(file)]));
}

/** All `*.aws.spec.ts` of the workspace. */
export function findSuites(root = workspaceRoot): Suite[] {
  return globSync('{apps,libs,tools}/**/*.aws.spec.ts', { cwd: root, exclude: (name) => name === 'node_modules' })
    .sort()
    .map((file) => {
      const [project = ''] = file.split('/test/');
      return { file, project, needs: neededBy(readFileSync(path.join(root, file), 'utf8')) };
    });
}

/** Suites that run in one process, and all that they need. */
export function byProject(suites: readonly Suite[]): { project: string; suites: Suite[]; needs: string[] }[] {
  const projects = Map.groupBy(suites, ({ project }) => project);
  return [...projects].map(([project, own]) => ({
    project,
    suites: own,
    needs: [...new Set(own.flatMap(({ needs }) => needs))],
  }));
}
