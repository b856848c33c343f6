import { apiKeysContract, authContract, authInternalContract, mfaContract } from '@kinora/contracts-auth';
import { type Base, createApp } from '@kinora/service';
import { type Express } from 'express';
import { type ApiKeyRoutesParts, apiKeyRoutes } from './routes/api-keys.routes';
import { type AuthRouteParts, authRoutes } from './routes/auth.routes';
import { type HostedRouteParts, hostedRoutes } from './routes/hosted.routes';
import { type InternalRouteParts, internalRoutes } from './routes/internal.routes';
import { type MfaRouteParts, mfaRoutes } from './routes/mfa.routes';
import { profileRoutes } from './routes/profile.routes';

export type AppParts = AuthRouteParts & MfaRouteParts & HostedRouteParts & ApiKeyRoutesParts & InternalRouteParts;

export const createAuthApp = (base: Base, parts: AppParts): Express =>
  createApp({
    ...base,
    contracts: [authContract, mfaContract, apiKeysContract, authInternalContract],
    routers: [
      authRoutes(parts),
      mfaRoutes(parts),
      hostedRoutes(parts),
      profileRoutes(parts),
      apiKeyRoutes(parts),
      internalRoutes(parts),
    ],
  });
