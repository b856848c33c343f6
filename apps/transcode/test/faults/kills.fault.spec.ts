import { ofKills } from './cases';
import { suiteOf } from './suite';

suiteOf(ofKills);
