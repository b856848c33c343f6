import { chunked } from './chunked';
import { controlPlane } from './control-plane';
import { enqueue } from './enqueue';
import { type Measurement } from './goal';
import { ladder } from './ladder';
import { packaging } from './packaging';
import { playable } from './playable';
import { quality } from './quality';
import { throughput } from './throughput';

/** Every measurement there is, in the order of the goals. */
export const measurements: readonly Measurement[] = [
  ladder,
  chunked,
  playable,
  packaging,
  quality,
  enqueue,
  controlPlane,
  throughput,
];
