/** What is wrong with a project's tags: each has exactly one `type:` and one `scope:`, and both are known. */
export function tagProblems({ name, tags }, boundaries) {
  const known = new Set(boundaries.map(({ sourceTag }) => sourceTag));
  const problems = tags
    .filter((tag) => !known.has(tag))
    .map((tag) => `${name} has the tag "${tag}", which no rule knows`);
  for (const kind of ['type', 'scope']) {
    const count = tags.filter((tag) => tag.startsWith(`${kind}:`)).length;
    if (count !== 1) problems.push(`${name} must have exactly one ${kind}: tag, and has ${count}`);
  }
  return problems;
}

/** A rule that allows everything is none. */
export const ruleProblems = (boundaries) =>
  boundaries
    .filter(
      ({ sourceTag, onlyDependOnLibsWithTags = [] }) =>
        sourceTag === '*' || onlyDependOnLibsWithTags.includes('*') || onlyDependOnLibsWithTags.length === 0,
    )
    .map(({ sourceTag }) => `the rule for "${sourceTag}" allows everything`);

const applying = (project, boundaries) => boundaries.filter(({ sourceTag }) => project.tags.includes(sourceTag));

/** The rules that an arrow between two projects breaks. */
export const brokenByArrow = (from, to, boundaries) =>
  applying(from, boundaries).filter((rule) => !rule.onlyDependOnLibsWithTags.some((tag) => to.tags.includes(tag)));

const matches = (pattern, name) =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  ).test(name);

/** The rules that an import from npm breaks. */
export const brokenByPackage = (from, name, boundaries) =>
  applying(from, boundaries).filter(
    ({ bannedExternalImports = [], allowedExternalImports }) =>
      bannedExternalImports.some((pattern) => matches(pattern, name)) ||
      (allowedExternalImports && !allowedExternalImports.some((pattern) => matches(pattern, name))),
  );
