import { createApp, type Base } from '@kinora/service';
import { type Express, type RequestHandler } from 'express';

/** Media and store handlers see the request as it came: no body parser, no decoding, before helmet's headers for pages. */
export const createEdgeApp = (base: Base, media: RequestHandler, store: RequestHandler | undefined): Express =>
  createApp({
    ...base,
    routers: [],
    raw(app) {
      // Patterns and not paths: Express would decode a path's parameters, and what is decoded is not what was signed.
      app.all(/^\/(?:t|media)\//, media);
      if (store) app.all(/^\/store\//, store);
    },
  });
