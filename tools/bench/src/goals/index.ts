import { type Measurement } from './goal';
import { ladder } from './ladder';

/** Every measurement there is, in the order of the goals. */
export const measurements: readonly Measurement[] = [ladder];
