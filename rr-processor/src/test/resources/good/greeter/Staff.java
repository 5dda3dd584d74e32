package test.greeter;

import dev.rr.api.worker.Resetter;
import dev.rr.api.worker.WorkerManager;

/** No contract itself; stands for two. */
interface Staff extends WorkerManager, Resetter {}
