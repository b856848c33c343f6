// `npm run graph:check`: reads what every project imports and fails on an arrow that the tags forbid (boundaries.mjs).
// The linter has the same rules, but looks at one file at a time, and skips them without a word when Nx has no graph.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { boundaries } from './boundaries.mjs';
import { importsOf, readImportNames } from './imports.mjs';
import { readProjects, sourcesOf } from './projects.mjs';
import { brokenByArrow, brokenByPackage, ruleProblems, tagProblems } from './rules.mjs';

/** Checks the workspace at `root`; returns what is wrong, a sentence each, and how much was looked at. */
export function check(root) {
  const projects = readProjects(root);
  // A project may lie inside another one: the innermost owns a file.
  const byDepth = projects.toSorted((a, b) => b.folder.length - a.folder.length);
  const names = readImportNames(root);
  const ownerOf = (file) => byDepth.find(({ folder }) => file === folder || file.startsWith(`${folder}${path.sep}`));
  const problems = [...ruleProblems(boundaries), ...projects.flatMap((project) => tagProblems(project, boundaries))];
  const arrows = new Set();
  for (const project of projects) {
    for (const file of sourcesOf(project.folder)) {
      const where = path.relative(root, file);
      for (const { specifier, file: target, package: name } of importsOf(file, names)) {
        const to = target && ownerOf(target);
        if (to && to !== project) {
          arrows.add(`${project.name} → ${to.name}`);
          if (specifier.startsWith('.'))
            problems.push(`${where} reaches into ${to.name} by a path; import it by its name`);
          for (const rule of brokenByArrow(project, to, boundaries)) {
            problems.push(
              `${where} imports ${specifier}: ${project.name} (${rule.sourceTag}) may not depend on ${to.name} (${to.tags.join(', ')})`,
            );
          }
        }
        // What only a test uses (another implementation to compare with) is not part of the product.
        if (name && !/\.spec\.tsx?$|\/test\//.test(file)) {
          for (const rule of brokenByPackage(project, name, boundaries))
            problems.push(`${where} imports ${name}, which ${rule.sourceTag} may not`);
        }
      }
    }
  }
  return { problems: [...new Set(problems)], projects: projects.length, arrows: arrows.size };
}

const { values } = parseArgs({ options: { root: { type: 'string' } } });
const { problems, projects, arrows } = check(path.resolve(values.root ?? path.join(import.meta.dirname, '../..')));
for (const problem of problems) console.error(`✗ ${problem}`);
console.log(`${projects} projects, ${arrows} arrows, ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;
