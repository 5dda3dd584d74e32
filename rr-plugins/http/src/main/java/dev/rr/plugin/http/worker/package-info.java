/**
 * Requests to PHP workers and their answers: what a worker is told, in JSON or protobuf, and what
 * becomes of its frames. Requests come and answers go on the event loop of the request; contexts
 * are written and frames read on the thread that owns the worker.
 */
@NullMarked
package dev.rr.plugin.http.worker;

import org.jspecify.annotations.NullMarked;
