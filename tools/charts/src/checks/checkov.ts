import path from 'node:path';
import { attempt } from '../attempt';
import { type Check } from '../check';
import { type Finding, judge } from '../exceptions';
import { EXCEPTIONS } from '../allowed';
import { CHECKOV, pythonTool } from '../install/tools';

interface Failed {
  readonly check_id: string;
  readonly file_path: string;
  readonly check_name: string;
  /** `Kind.namespace.name` */
  readonly resource: string;
}

interface Report {
  readonly results: { readonly failed_checks: readonly Failed[] };
  readonly summary: { readonly passed: number };
}

/** What security people look for. */
export const checkov: Check = {
  name: 'checkov',
  needs: ['Python 3 with pip'],
  async run({ renderings, signal }) {
    const program = await pythonTool(CHECKOV, 'checkov', signal);
    const files = renderings.flatMap(({ file }) => ['-f', file]);
    const args = ['--framework', 'kubernetes', '--skip-download', '--quiet', '--compact', '-o', 'json', ...files];
    const { stdout, stderr } = await attempt(program, args, { signal, env: { LOG_LEVEL: 'ERROR' } });
    const start = stdout.search(/^[[{]/m);
    if (start === -1) throw new Error(`checkov: ${stderr}`);
    const parsed = JSON.parse(stdout.slice(start)) as Report | Report[];
    const { results, summary } = Array.isArray(parsed) ? parsed[0]! : parsed;
    const found: Finding[] = results.failed_checks.map(
      ({ check_id: rule, check_name: text, file_path: file, resource }) => {
        const [kind = '', , ...name] = resource.split('.');
        return { rule, object: `${path.basename(file, '.yaml')}: ${kind} ${name.join('.')}`, text };
      },
    );
    return { passed: summary.passed, problems: judge('checkov', found, EXCEPTIONS) };
  },
};
