import { attempt } from '../attempt';
import { type Check } from '../check';
import { type Finding, judge } from '../exceptions';
import { EXCEPTIONS } from '../allowed';
import { KUBE_SCORE, goTool } from '../install/tools';

interface Scored {
  readonly object_name: string;
  readonly type_meta: { readonly kind: string };
  readonly object_meta: { readonly name: string };
  readonly checks: readonly {
    readonly check: { readonly id: string; readonly name: string };
    readonly grade: number;
    readonly skipped: boolean;
    readonly comments: readonly { readonly path: string; readonly summary: string }[] | null;
  }[];
}

/** Grades below this are warnings and worse. */
const FINE = 7;

/** A limit on CPU would throttle answers, and encodes, while cores stand idle; one on memory is asked for. */
const ARGUMENTS = ['score', '--output-format', 'json', '--kubernetes-version', 'v1.34', '--ignore-container-cpu-limit'];

/** What people who run clusters look for. */
export const kubeScore: Check = {
  name: 'kube-score',
  needs: ['Go'],
  async run({ renderings, signal }) {
    const program = await goTool(KUBE_SCORE, signal);
    const found: Finding[] = [];
    let passed = 0;
    for (const { name, file } of renderings) {
      const { stdout, stderr } = await attempt(program, [...ARGUMENTS, file], { signal });
      if (!stdout.startsWith('[')) throw new Error(`kube-score: ${stderr}`);
      for (const { type_meta: type, object_meta: meta, checks } of JSON.parse(stdout) as Scored[]) {
        for (const { check, grade, skipped, comments } of checks) {
          if (skipped) continue;
          if (grade >= FINE) passed += 1;
          else {
            const text = (comments ?? [])
              .map(({ path, summary }) => [path, summary].filter(Boolean).join(': '))
              .join('; ');
            found.push({ rule: check.id, object: `${name}: ${type.kind} ${meta.name}`, text: text || check.name });
          }
        }
      }
    }
    return { passed, problems: judge('kube-score', found, EXCEPTIONS) };
  },
};
