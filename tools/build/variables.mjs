import { readFileSync } from 'node:fs';

const DOCUMENTED = /\/\*\*((?:[^*]|\*(?!\/))*)\*\/\s*([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*):/g;

/** What the comments before environment variables in these sources say, by name: for `--check-config`. */
export function variablesOf(files) {
  const meanings = {};
  for (const file of files)
    for (const [, comment, name] of readFileSync(file, 'utf8').matchAll(DOCUMENTED))
      meanings[name] = comment.replace(/\s*\n\s*\*\s?/g, ' ').trim();
  return meanings;
}
