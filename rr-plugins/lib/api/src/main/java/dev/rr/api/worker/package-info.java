/** Worker processes as plugins see them: a pool that executes payloads, and its management. */
@NullMarked
package dev.rr.api.worker;

import org.jspecify.annotations.NullMarked;
