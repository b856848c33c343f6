import { type EncodingPlan, chunksOf, isDetailed, planInDetail } from '@kinora/media';
import { type Failure, isWorking } from './encoding';
import { type EndDeps, failEncoding } from './fail-encoding';
import { type EncodeJobs, type SourceScanner } from './ports';
import { detail } from './transitions';

export interface PlanningDeps {
  readonly scanner: SourceScanner;
  readonly jobs: EncodeJobs;
  /** Length of a chunk, roughly; 0: the whole video is one. */
  readonly chunkSeconds: number;
}

/** Looks at the whole source and completes a plan that has its beginning only. */
async function completePlan(
  { scanner, jobs, chunkSeconds }: PlanningDeps,
  sourceKey: string,
  plan: EncodingPlan,
  signal?: AbortSignal,
): Promise<{ plan: EncodingPlan } | { refusal: Failure }> {
  const scanned = await scanner.scan(sourceKey, plan, signal);
  if (!scanned.ok) return { refusal: scanned.refusal };
  const chunking = chunkSeconds > 0 ? chunksOf(chunkSeconds, plan.rate, Math.max(1, await jobs.slots())) : {};
  return { plan: planInDetail(plan, scanned.facts, chunking) };
}

/** While the first job of an encoding is at work: plan the rest, and hand it out. Safe to run again at any point; returns the chunks there are. */
export const planRest =
  (deps: PlanningDeps & EndDeps) =>
  async (id: string, fence: number, signal?: AbortSignal): Promise<number> => {
    let encoding = await deps.encodings.find(id);
    if (!encoding || !isWorking(encoding) || encoding.fence !== fence) return 0;
    if (!isDetailed(encoding.work.plan)) {
      const completed = await completePlan(deps, encoding.sourceKey, encoding.work.plan, signal);
      if ('refusal' in completed) {
        await failEncoding(deps, id, completed.refusal, { fence });
        return 0;
      }
      encoding = (await deps.encodings.change(id, (e) => detail(e, fence, completed.plan)))?.encoding;
    }
    if (!encoding || !isWorking(encoding) || encoding.fence !== fence) return 0;
    await deps.jobs.addChunks(encoding);
    return encoding.work.plan.chunks.length;
  };
