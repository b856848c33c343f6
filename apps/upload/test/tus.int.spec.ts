import { tusConformance } from './tus.conformance';

tusConformance('a disk');
