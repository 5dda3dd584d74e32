package dev.rr.plugin.informer;

import dev.rr.api.worker.WorkerSnapshot;
import java.util.List;

/**
 * What {@code informer.Workers} answers.
 *
 * @param workers empty for a plugin without workers, where upstream says null, which the PHP
 *     package cannot read
 */
record WorkerList(List<WorkerSnapshot> workers) {}
