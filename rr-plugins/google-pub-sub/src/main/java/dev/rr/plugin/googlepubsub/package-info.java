/**
 * The driver {@code google_pub_sub} of {@code jobs}. All pipelines share a connection for calls;
 * one that consumes has another for its stream. Both are served by one thread, {@code
 * rr-google_pub_sub-0}; answers come on virtual threads called {@code rr-google_pub_sub-client}. A
 * pipeline has a virtual thread that keeps its jobs, and one that consumes another.
 */
@NullMarked
package dev.rr.plugin.googlepubsub;

import org.jspecify.annotations.NullMarked;
