import { ofProcesses } from './cases';
import { suiteOf } from './suite';

suiteOf(ofProcesses);
