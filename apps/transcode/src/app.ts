import { encodingsContract, encodingsInternalContract } from '@kinora/contracts-transcode';
import { type Authenticator, type Base, createApp } from '@kinora/service';
import { type Express } from 'express';
import { type reportSegments } from './domain/report-segments';
import { type EncodingUseCases, encodingRoutes } from './routes/encodings';
import { segmentRoutes } from './routes/segments';

export interface TranscodeApp extends EncodingUseCases {
  readonly authenticator: Authenticator;
  readonly report: ReturnType<typeof reportSegments>;
}

/** A report of a track of ten hours is about half a megabyte. */
const BODY_LIMIT = 4 * 1024 * 1024;

export const createTranscodeApp = (base: Base, { authenticator, report, ...useCases }: TranscodeApp): Express =>
  createApp({
    ...base,
    contracts: [encodingsContract, encodingsInternalContract],
    bodyLimit: BODY_LIMIT,
    routers: [encodingRoutes({ authenticator }, useCases), segmentRoutes({ authenticator }, report)],
  });
