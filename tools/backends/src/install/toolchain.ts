import { findProgram } from '@kinora/testing';

/** Toolchains that a back end is installed with, and the programs by which they show. */
const TOOLCHAINS = {
  Go: ['go'],
  'a Java 17 development kit and Maven': ['java', 'javac', 'mvn'],
  'PostgreSQL 15': ['/usr/lib/postgresql/15/bin/postgres'],
  'Python 3 with pip': ['python3', 'pip3'],
} as const;

export type Toolchain = keyof typeof TOOLCHAINS;

/** Which of these toolchains this machine lacks. */
export const lacking = (
  toolchains: readonly Toolchain[],
  find: (program: string) => string | undefined = findProgram,
): Toolchain[] => toolchains.filter((name) => TOOLCHAINS[name].some((program) => find(program) === undefined));
