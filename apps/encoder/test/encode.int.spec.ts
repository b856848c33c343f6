import { encodeConformance } from './encode.conformance';
import { onDisk } from './harness';

encodeConformance('a disk', onDisk);
