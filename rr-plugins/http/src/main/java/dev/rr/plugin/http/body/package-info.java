/**
 * Bodies of requests, taken before a worker sees them: small ones in memory, large ones and uploads
 * in files, forms as JSON texts. Bytes arrive on the event loop of the request; what is long to
 * parse, or touches files, runs on a virtual thread ({@code http-io}), with a bounded {@link
 * dev.rr.plugin.http.body.BodyPipe} between the two.
 */
@NullMarked
package dev.rr.plugin.http.body;

import org.jspecify.annotations.NullMarked;
