import { ApiProblem, type Client } from '@kinora/contracts-common';
import { type encodingsInternalContract } from '@kinora/contracts-transcode';
import { type Reports } from '../../domain/ports';

const STALE = new Set(['encoding.fenced', 'encoding.not_found']);

/** Reports to transcode's internal REST. */
export const createReports = (transcode: Client<typeof encodingsInternalContract>): Reports => ({
  async send({ encodingId, ...body }) {
    try {
      await transcode.reportSegments({ params: { encodingId }, body });
      return 'accepted';
    } catch (error) {
      if (error instanceof ApiProblem && STALE.has(error.code)) return 'stale';
      throw error;
    }
  },
});
