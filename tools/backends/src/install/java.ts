import { workspaceRoot } from '@kinora/testing';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { run } from './command';
import { prepared } from './prepared';

export interface JavaProgram {
  /** With the version; the folder's name in the cache. */
  readonly name: string;
  /** The class in `tools/backends/java` that starts it. */
  readonly launcher: string;
  /** `group:artifact:version`. */
  readonly artifacts: readonly string[];
}

const dependency = (artifact: string): string => {
  const [group, id, version] = artifact.split(':');
  return `<dependency><groupId>${group}</groupId><artifactId>${id}</artifactId><version>${version}</version></dependency>`;
};

const pom = (artifacts: readonly string[]): string =>
  `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>kinora</groupId><artifactId>backend</artifactId><version>1</version>
<dependencies>${artifacts.map(dependency).join('\n')}</dependencies></project>\n`;

/** Fetches a program's jars with Maven and compiles its launcher. The folder has `lib` and `classes`. */
export const installJava = ({ name, launcher, artifacts }: JavaProgram, signal: AbortSignal): Promise<string> =>
  prepared(name, async (cwd) => {
    const sources = path.join(workspaceRoot, 'tools/backends/java');
    writeFileSync(path.join(cwd, 'pom.xml'), pom(artifacts));
    await run('mvn', ['-B', '-q', 'dependency:copy-dependencies', '-DincludeScope=runtime', '-DoutputDirectory=lib'], {
      cwd,
      signal,
    });
    mkdirSync(path.join(cwd, 'classes'));
    await run('javac', ['-nowarn', '-d', 'classes', '-cp', 'lib/*', path.join(sources, `${launcher}.java`)], {
      cwd,
      signal,
    });
    cpSync(path.join(sources, 'log4j2.properties'), path.join(cwd, 'classes/log4j2.properties'));
    rmSync(path.join(cwd, 'target'), { recursive: true, force: true });
  });
