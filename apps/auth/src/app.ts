import { apiKeysContract, authContract, authInternalContract } from '@kinora/contracts-auth';
import { type Base, createApp } from '@kinora/service';
import { type Express } from 'express';
import { type ApiKeyRoutesParts, apiKeyRoutes } from './routes/api-keys.routes';
import { type AuthRouteParts, authRoutes } from './routes/auth.routes';
import { type InternalRouteParts, internalRoutes } from './routes/internal.routes';
import { profileRoutes } from './routes/profile.routes';

export type AppParts = AuthRouteParts & ApiKeyRoutesParts & InternalRouteParts;

export const createAuthApp = (base: Base, parts: AppParts): Express =>
  createApp({
    ...base,
    contracts: [authContract, apiKeysContract, authInternalContract],
    routers: [authRoutes(parts), profileRoutes(parts), apiKeyRoutes(parts), internalRoutes(parts)],
  });
