import { EncodingPlan } from '@kinora/media';

/** What every encode job carries, its plan parsed. */
export interface EncodeJob {
  readonly videoId: string;
  readonly encodingId: string;
  readonly sourceKey: string;
  readonly fence: number;
  readonly plan: EncodingPlan;
}

type Payload = Omit<EncodeJob, 'plan'> & { readonly plan: Record<string, unknown> };

/** @throws if the plan is of a version that this encoder doesn't know */
export const encodeJob = <P extends Payload>(payload: P): Omit<P, 'plan'> & { plan: EncodingPlan } => ({
  ...payload,
  plan: EncodingPlan.parse(payload.plan),
});
