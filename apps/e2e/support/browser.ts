import { findProgram } from '@kinora/testing';

/** Chromium on this machine; undefined where there is none. */
export const chromiumPath = findProgram('chromium', 'chromium-browser', 'google-chrome');

/** A journey in a browser. On a laptop without Chromium it is reported as skipped; the test runner refuses that in CI. */
export const journey = chromiumPath === undefined ? it.skip : it;
