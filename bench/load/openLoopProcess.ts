/** The open loop in a process of its own, so that what plans and measures takes no time from it. A plan in, a result out. */
import { endWithParent } from '../servers/listening.ts';
import { type OpenLoopPlan, runOpenLoop } from './openLoop.ts';

process.on('message', (plan: OpenLoopPlan) => {
  void runOpenLoop(plan).then((result) => process.send?.(result));
});
endWithParent();
