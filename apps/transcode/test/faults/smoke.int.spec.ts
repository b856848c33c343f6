import { diskFull, killedBeforeCommit, redisEmptied, toldAgain } from './cases';
import { suiteOf } from './suite';

// A few of the faults for every run, quick ones; all of them are in the suites beside this.
suiteOf([killedBeforeCommit, redisEmptied, diskFull, toldAgain]);
