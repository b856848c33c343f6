import { uploadsContract } from '@kinora/contracts-upload';
import { type Base, createApp } from '@kinora/service';
import { type Express } from 'express';
import { type TusRouteParts, mountTus } from './routes/tus.routes';
import { type UploadRouteParts, uploadRoutes } from './routes/uploads.routes';

export const createUploadApp = (base: Base, tus: TusRouteParts, parts: UploadRouteParts): Express =>
  createApp({
    ...base,
    contracts: [uploadsContract],
    raw: (app) => mountTus(app, tus),
    routers: [uploadRoutes(parts)],
  });
